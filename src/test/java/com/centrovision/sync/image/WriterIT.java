package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import com.centrovision.sync.testing.Signals;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 6: of two services one is the writer, whatever becomes of the other one and of the database. */
class WriterIT {
    private static final Duration TAKE_OVER = Duration.ofSeconds(15);

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;
    private ImageProcess first;
    private ImageProcess second;

    @BeforeEach
    void twoServices() {
        lab.resetCloud();
        lab.cloud()
                .execute(
                        """
                        create table effects (id bigserial primary key, effect text);
                        create function note_effect() returns trigger language plpgsql security definer as $$
                        begin
                          if session_user = 'authenticator' then
                            insert into public.effects (effect) values (tg_op || ' ' || new.name);
                          end if;
                          return null;
                        end
                        $$;
                        create trigger note_effect after insert or update on crm_pipelines
                        for each row execute function note_effect();
                        """);
        clinic = lab.newClinic();
        image = Image.of(lab, clinic).onlyTables(List.of("crm_pipelines"));
        first = image.start("run");
        soon().until(() -> first.err().contains("service started"));
        second = image.start("run");
        soon().until(() -> second.err().contains("standby: another service writes this database"));
    }

    @AfterEach
    void close() {
        lab.gateway().heal();
        image.close();
        lab.cloud().execute("drop table effects; drop function note_effect cascade");
        lab.resetCloud();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }

    private JsonNode status() throws JsonProcessingException {
        return new ObjectMapper().readTree(image.run("status", "--json").out());
    }

    private long writer() {
        return (Long) clinic.value("select process_id from _sync_service where seen_at > now() - interval '5 seconds'")
                .orElseThrow();
    }

    private List<Long> standbys() {
        return clinic
                .query("select process_id from _sync_standby where seen_at > now() - interval '5 seconds'")
                .stream()
                .map(row -> (Long) row.get("process_id"))
                .toList();
    }

    private void requireTakeOver(ImageProcess service, Instant since) {
        soon().until(() -> writer() == service.pid() && service.err().contains("service started"));
        var took = Duration.between(since, Instant.now());
        assertTrue(took.compareTo(TAKE_OVER) < 0, took::toString);
    }

    private void bothDirectionsRun(String name) {
        clinic.execute("insert into crm_pipelines (name) values ('" + name + " clínica')");
        lab.cloud().execute("insert into crm_pipelines (name) values ('" + name + " nube')");
        soon().untilAsserted(() -> {
            assertEquals(2, clinic.count("crm_pipelines where name like '" + name + "%'"));
            assertEquals(0, clinic.count("_sync_pending where not synced"));
            Sides.of(lab, clinic).assertEqual("crm_pipelines");
        });
    }

    private List<String> effects(String name) {
        return lab.cloud().query("select effect from effects where effect like ? order by id", "%" + name).stream()
                .map(row -> row.get("effect").toString())
                .toList();
    }

    private void freezeInTheMiddleOfAPush() {
        lab.gateway().fault(Fault.holdAnswer().matching("POST", "/crm_pipelines"));
        clinic.execute("insert into crm_pipelines (name) values ('congelada')");
        soon().until(() -> lab.gateway().held() > 0);
        Signals.freeze(List.of(first.pid()));
        clinic.execute(
                """
                select pg_terminate_backend(pid)
                from (select distinct pid from pg_locks where locktype = 'advisory') held
                """);
        lab.gateway().heal();
    }

    @Test
    @Rule({"6.1", "6.2"})
    void oneServiceWritesWhateverBecomesOfTheOther() throws JsonProcessingException {
        bothDirectionsRun("antes");
        var status = status();
        assertEquals(1, status.path("standbys").size(), status::toPrettyString);
        assertEquals(
                second.pid(), status.path("standbys").path(0).path("process_id").asLong());
        assertTrue(status.path("taken_over_at").isNull(), status::toPrettyString);

        freezeInTheMiddleOfAPush();
        requireTakeOver(second, Instant.now());
        bothDirectionsRun("helada");
        Signals.wake(List.of(first.pid()));
        soon().until(() -> standbys().equals(List.of(first.pid())));
        assertEquals(second.pid(), writer());
        assertTrue(first.err().contains("standby: another service writes this database"), first.err());
        bothDirectionsRun("despierta");
        assertEquals(List.of("INSERT congelada"), effects("congelada"));

        lab.stopClinic();
        lab.startClinic();
        bothDirectionsRun("reinicio");
        soon().until(() -> standbys().size() == 1);
        var writes = writer() == first.pid() ? first : second;
        var waits = writes == first ? second : first;
        assertEquals(List.of(waits.pid()), standbys());

        writes.kill();
        requireTakeOver(waits, Instant.now());
        bothDirectionsRun("muerte");
        assertNotEquals("null", status().path("taken_over_at").asText());
        assertEquals(List.of(), standbys());
        assertEquals(0, waits.terminate().exitCode());
    }
}
