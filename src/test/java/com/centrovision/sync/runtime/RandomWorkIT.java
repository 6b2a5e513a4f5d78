package com.centrovision.sync.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Protocol 1: random work on the same rows of both sides while the line misbehaves. Every write carries a token of its
 * own, and every token must stand at the end, or lie in _conflicts, or have been replaced by somebody who saw it.
 */
class RandomWorkIT {
    private static final int ROWS = 12;
    private static final int STEPS = 150;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @BeforeEach
    void watchedCloud() {
        lab.resetCloud();
        clinic = lab.newClinic();
        for (var side : new LabDatabase[] {lab.cloud(), clinic}) {
            side.execute(
                    """
                    create table seen (row_id uuid, old text, new text);
                    create function see() returns trigger language plpgsql security definer as $$
                    begin
                      if tg_op = 'INSERT' then
                        insert into public.seen values (new.id, null, new.source);
                      elsif tg_op = 'UPDATE' then
                        insert into public.seen values (new.id, old.source, new.source);
                      else
                        insert into public.seen values (old.id, old.source, 'clinica borrado');
                      end if;
                      return null;
                    end
                    $$;
                    create trigger see after insert or update or delete on crm_leads for each row execute function see()
                    """);
        }
    }

    @AfterEach
    void unwatchedCloud() {
        lab.gateway().heal();
        lab.cloud().execute("drop table seen; drop function see cascade");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingIsLostAndBothSidesBecomeEqual(long seed) throws InterruptedException {
        var random = new Random(seed);
        var service = ClinicService.continuous(lab, clinic);
        try {
            for (int step = 0; step < STEPS; step++) {
                work(random, step);
                if (random.nextInt(12) == 0) {
                    misbehave(random);
                } else if (random.nextInt(25) == 0) {
                    service.close();
                    service = ClinicService.continuous(lab, clinic);
                }
                await().pollDelay(Duration.ofMillis(random.nextInt(120))).until(() -> true);
            }
            lab.gateway().heal();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        assertEquals(
                                0,
                                clinic.query("select from _sync_pending where not synced")
                                        .size());
                        Sides.of(lab, clinic).assertEqual("crm_leads");
                    });
        } finally {
            service.close();
        }
        assertEquals(Set.of(), unaccounted(), () -> "seed " + seed);
    }

    private void work(Random random, int step) {
        var onCloud = random.nextBoolean();
        var side = onCloud ? lab.cloud() : clinic;
        var token = (onCloud ? "nube " : "clinica ") + step;
        var row = "00000000-0000-0000-0000-%012d".formatted(random.nextInt(ROWS));
        side.execute(
                switch (random.nextInt(10)) {
                    case 0 -> onCloud ? "select" : "delete from crm_leads where id = '" + row + "'";
                    case 1, 2 ->
                        "update crm_leads set phone = '" + step + "', source = '" + token + "' where id = '" + row
                                + "'";
                    default ->
                        "insert into crm_leads (id, name, source, updated_at) values ('" + row + "', 'n', '" + token
                                + "', now()) on conflict (id) do update set source = excluded.source";
                });
    }

    private void misbehave(Random random) {
        var gateway = lab.gateway();
        switch (random.nextInt(7)) {
            case 0 -> gateway.fault(Fault.loseAnswer().matching("POST", "").times(1));
            case 1 -> gateway.fault(Fault.loseAnswer().matching("PATCH", "").times(2));
            case 2 -> gateway.fault(Fault.loseAnswer().matching("DELETE", "").times(1));
            case 3 -> gateway.fault(Fault.cutAfterBytes(random.nextInt(600)).times(3));
            case 4 -> gateway.fault(Fault.status(503).times(4));
            case 5 ->
                gateway.fault(
                        Fault.delay(Duration.ofMillis(random.nextInt(900))).times(6));
            default -> gateway.heal();
        }
    }

    /** Tokens that stand nowhere, though nobody who saw them replaced or deleted them. */
    private Set<Object> unaccounted() {
        var tokens = new HashSet<Object>();
        var replaced = new HashSet<Object>();
        for (var side : new LabDatabase[] {lab.cloud(), clinic}) {
            var own = side == clinic ? "clinica %" : "nube %";
            side.query("select distinct row_id || ' ' || new as token from seen where new like '" + own
                            + "' and new <> 'clinica borrado'")
                    .forEach(row -> tokens.add(row.get("token")));
            side.query("select row_id || ' ' || old as token from seen where new like '" + own
                            + "' and old is not null")
                    .forEach(row -> replaced.add(row.get("token")));
        }
        clinic.query(
                        """
                        select record_id || ' ' || (local_data ->> 'source') as token from _conflicts
                        union
                        select record_id || ' ' || (remote_data ->> 'source') from _conflicts
                        """)
                .forEach(row -> replaced.add(row.get("token")));
        lab.cloud()
                .query("select id || ' ' || source as token from crm_leads")
                .forEach(row -> replaced.add(row.get("token")));
        tokens.removeAll(replaced);
        return tokens;
    }
}
