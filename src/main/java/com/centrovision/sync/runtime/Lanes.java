package com.centrovision.sync.runtime;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.connection.Connection;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** The threads that ask the cloud: as many in each direction as configured, few while the line is slow. */
final class Lanes implements Connection.ChangeListener, AutoCloseable {
    private static final int SLOW_DOWN = 1;
    private static final int SLOW_UP = 2;

    private final int downMost;
    private final int upMost;
    private final ThreadPoolExecutor down;
    private final ThreadPoolExecutor up;

    Lanes(int downMost, int upMost) {
        this.downMost = downMost;
        this.upMost = upMost;
        this.down = (ThreadPoolExecutor) Executors.newFixedThreadPool(downMost);
        this.up = (ThreadPoolExecutor) Executors.newFixedThreadPool(upMost);
    }

    ThreadPoolExecutor down() {
        return down;
    }

    ThreadPoolExecutor up() {
        return up;
    }

    @Override
    public void changed(CloudReason before, CloudReason now) {
        if (now.isOpen()) {
            var isSlow = now == CloudReason.SLOW;
            down.setCorePoolSize(isSlow ? Math.min(SLOW_DOWN, downMost) : downMost);
            up.setCorePoolSize(isSlow ? Math.min(SLOW_UP, upMost) : upMost);
        }
    }

    @Override
    public void close() {
        down.shutdownNow();
        up.shutdownNow();
    }
}
