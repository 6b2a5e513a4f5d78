package com.centrovision.sync.model;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Gateway;
import java.time.Duration;
import java.util.Random;

/** What the line between clinic and cloud does at random. */
record Weather(Gateway gateway, Random random) {
    void changes() {
        switch (random.nextInt(14)) {
            case 0 -> gateway.fault(Fault.loseAnswer().matching("POST", "").times(1));
            case 1 -> gateway.fault(Fault.loseAnswer().matching("PATCH", "").times(2));
            case 2 -> gateway.fault(Fault.loseAnswer().matching("DELETE", "").times(1));
            case 3 -> gateway.fault(Fault.cutAfterBytes(random.nextInt(600)).times(3));
            case 4 -> gateway.fault(Fault.status(503).times(4));
            case 5 -> gateway.fault(Fault.status(429, Duration.ofSeconds(1)).times(3));
            case 6 -> gateway.fault(Fault.captivePortal().times(3));
            case 7 -> gateway.fault(Fault.blackHole());
            case 8 -> gateway.fault(Fault.refuse());
            case 9, 10 ->
                gateway.fault(
                        Fault.delay(Duration.ofMillis(random.nextInt(900))).times(6));
            case 11 ->
                gateway.fault(Fault.loseAnswer().matching("POST", "/rpc/").times(2));
            default -> gateway.heal();
        }
    }
}
