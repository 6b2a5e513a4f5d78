package com.centrovision.sync.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Protocol 3.5: two projects are never mixed. The other project is the lab's own under another name, emptied and filled
 * anew: to the service it is another address with other rows; that it is the same server is not what is tested.
 */
class OtherCloudIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @BeforeEach
    void clinicOfTheFirstCloud() throws InterruptedException {
        lab.resetCloud();
        lab.cloud().generate("first", 20);
        clinic = lab.newClinic();
        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(0, service.pass().pending());
        }
        Sides.of(lab, clinic).assertEqual();
        assertEquals(
                lab.supabaseUrl(), clinic.value("select url from _sync_cloud").orElseThrow());
    }

    @Test
    @Rule("3.5.1")
    void anotherProjectIsRefusedBeforeAnythingIsReadOrWritten() {
        lab.resetCloud();
        lab.cloud().generate("second", 5);
        var before = contents();
        lab.gateway().clearLog();

        try (var service = new SyncService(other(), home(), SyncService.Mode.CONTINUOUS)) {
            var problem = assertThrows(Problem.class, service::init);

            assertEquals(ProblemCode.CLOUD_OTHER, problem.code());
            assertTrue(problem.getMessage().contains(lab.supabaseUrl()), problem.getMessage());
            assertTrue(problem.getMessage().contains(other().supabase().url().toString()), problem.getMessage());
        }
        assertEquals(before, contents());
        assertTrue(lab.gateway().requests().isEmpty());
    }

    @Test
    @Rule("3.5.1")
    void onceAcceptedNothingIsDeletedOrOverwrittenUnseenAndWhatWaitedSurvives() throws Exception {
        clinic.execute("insert into branches (name, code) values ('Espera', 'ESP')");
        clinic.execute("update patients set notes = 'espera' where id = (select min(id::text)::uuid from patients)");
        clinic.execute("delete from crm_leads where id = (select min(id::text)::uuid from crm_leads)");
        var patients = clinic.count("patients");
        var ofBoth = clinic.value("select id from services order by id limit 1").orElseThrow();
        var category = clinic.value("select category_id from services order by id limit 1")
                .orElseThrow();
        var named =
                clinic.value("select name from services order by id limit 1").orElseThrow();
        lab.resetCloud();
        lab.cloud()
                .execute("insert into service_categories (id, name) values ('" + category + "', 'otra');"
                        + "insert into services (id, category_id, name, updated_at) values ('" + ofBoth + "', '"
                        + category + "', 'en la otra nube', now() + interval '1 second');"
                        + "insert into branches (name, code) values ('De la otra', 'OTR')");

        try (var service = new SyncService(other(), home(), SyncService.Mode.ON_DEMAND)) {
            service.initForOtherCloud();
        }
        assertEquals(
                other().supabase().url().toString(),
                clinic.value("select url from _sync_cloud").orElseThrow());
        try (var service = ClinicService.start(other(), SyncService.Mode.ON_DEMAND)) {
            var result = service.pass();
            assertEquals(0, result.pending(), result::toString);
        }

        Sides.of(lab, clinic).assertEqual();
        assertEquals(patients, lab.cloud().count("patients"));
        assertEquals(1, lab.cloud().count("branches where code = 'ESP'"));
        assertEquals(1, clinic.count("branches where code = 'OTR'"));
        assertEquals(1, lab.cloud().count("patients where notes = 'espera'"));
        assertEquals(
                1,
                clinic.count("_conflicts where record_id = '" + ofBoth + "' and base is null "
                        + "and local_data ->> 'name' = '" + named
                        + "' and remote_data ->> 'name' = 'en la otra nube'"));
    }

    @Test
    void itIsNotAcceptedWhileAServiceRuns() {
        try (var running = ClinicService.onDemand(lab, clinic);
                var service = new SyncService(other(), home(), SyncService.Mode.ON_DEMAND)) {
            assertTrue(running.isOpen());
            var problem = assertThrows(Problem.class, service::initForOtherCloud);

            assertEquals(ProblemCode.RUN_SECOND_WRITER, problem.code());
        }
        assertEquals(
                lab.supabaseUrl(), clinic.value("select url from _sync_cloud").orElseThrow());
    }

    @Test
    void acceptingTheSameCloudPutsNothingAway() throws Exception {
        var before = contents();

        try (var service = new SyncService(ClinicService.config(lab, clinic), home(), SyncService.Mode.ON_DEMAND)) {
            service.initForOtherCloud();
        }

        assertEquals(before, contents());
    }

    /** The guide's "the cloud is lost": the project is there again, without the last day; changes wait in the clinic. */
    @Test
    @Rule("3.5.2")
    void aProjectThatWasPutBackGetsWhatTheClinicHas() throws Exception {
        var forgotten = clinic.value("select min(id::text) from user_branches").orElseThrow();
        edit();
        var before = held();
        lab.cloud()
                .execute(
                        """
                        set session_replication_role = replica;
                        update patients set notes = 'de ayer', updated_at = updated_at - interval '1 day' where notes is not null;
                        delete from user_branches where id = '%s';
                        delete from payments;
                        delete from inventory_movements;
                        update inventory_items set stock = 0, updated_at = updated_at - interval '1 day';
                        """
                                .formatted(forgotten));

        var config = ClinicService.config(lab, clinic);
        try (var service = new SyncService(config, home(), SyncService.Mode.ON_DEMAND)) {
            service.initForRestoredCloud();
        }
        withoutTriggers(() -> assertEverythingArrives(config, before));
        assertEquals(
                clinic.count("patients where notes is not null"),
                clinic.count("_conflicts where table_name = 'patients' and remote_data ->> 'notes' = 'de ayer'"));
    }

    /** The guide's "both are lost": the clinic is a backup with changes that waited in it, the project a new one. */
    @Test
    @Rule({"3.5.1", "3.5.4"})
    void aRestoredClinicFillsANewProject() throws Exception {
        edit();
        var before = held();
        clinic.execute("update _sync_origin set place = 'on the lost server'");
        lab.resetCloud();
        try (var service = new SyncService(other(), home(), SyncService.Mode.ON_DEMAND)) {
            service.initForOtherCloud();
        }
        withoutTriggers(() -> assertEverythingArrives(other(), before));
        assertEquals(0, clinic.count("_conflicts"));
    }

    private interface Arrival {
        void await() throws InterruptedException;
    }

    /** They would book the stock of each movement a second time. */
    private void withoutTriggers(Arrival arrival) throws InterruptedException {
        triggers("disable");
        try {
            arrival.await();
        } finally {
            triggers("enable");
        }
    }

    /** As the guide says it for the SQL editor. */
    private void triggers(String state) {
        lab.cloud()
                .execute(
                        """
                        do $$ begin execute (
                          select string_agg(format('alter table %%s %s trigger user', oid::regclass), '; ')
                          from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
                        ); end $$;
                        """
                                .formatted(state));
    }

    @Test
    @Rule("3.4.4")
    void aTableWithFewRowsLosesNoneWhileAnotherOneWaitsForAPerson() throws Exception {
        lab.cloud().execute("set session_replication_role = replica; delete from patients; delete from branches");
        lab.cloud().execute("insert into branches (name, code) values ('De la otra', 'OTR')");
        var patients = clinic.count("patients");
        var branches = clinic.count("branches");
        clinic.execute("update _sync_metadata set guard = 'deletes', guard_rows = 1 where table_name = 'patients'");

        try (var service = ClinicService.onDemand(lab, clinic)) {
            service.pass();
            assertEquals(patients, clinic.count("patients"));
            assertEquals(branches + 1, clinic.count("branches"));
        }
    }

    private void edit() {
        clinic.execute(
                """
                insert into branches (name, code) values ('Espera', 'ESP');
                update patients set notes = 'espera' where id = (select min(id::text)::uuid from patients);
                delete from crm_leads where id = (select min(id::text)::uuid from crm_leads);
                """);
    }

    private void assertEverythingArrives(Config config, List<String> before) throws InterruptedException {
        try (var service = ClinicService.start(config, SyncService.Mode.ON_DEMAND)) {
            var result = service.pass();
            assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        }
        Sides.of(lab, clinic).assertEqual();
        var after = held();
        after.removeAll(new HashSet<>(before));
        assertEquals(List.of(), after);
        assertEquals(before.size(), held().size());
    }

    /** Every value of the clinic, but for stamps and the numbers of an identity column, which the cloud gives. */
    private List<String> held() {
        return new ArrayList<>(Sides.TABLES.stream()
                .flatMap(table -> clinic
                        .query(
                                "select t.id || ' ' || v.key || '=' || coalesce(v.value, '-') as value from " + table
                                        + " t, jsonb_each_text(to_jsonb(t) - array['updated_at', 'ticket_number']) v order by 1")
                        .stream()
                        .map(row -> table + " " + row.get("value")))
                .toList());
    }

    private Config other() {
        var config = ClinicService.config(lab, clinic);
        return ConfigWith.parts(
                config,
                new Config.Supabase(
                        URI.create(lab.supabaseUrl().replace("127.0.0.1", "localhost")),
                        config.supabase().serviceKey()));
    }

    private Object contents() {
        return clinic.query(
                """
                select
                  (select md5(string_agg(m::text, '' order by id)) from _sync_metadata m) as metadata,
                  (select md5(string_agg(p::text, '' order by id)) from _sync_pending p) as pending,
                  (select md5(string_agg(p::text, '' order by id)) from patients p) as patients,
                  (select url from _sync_cloud) as cloud
                """);
    }

    private static Path home() {
        return Path.of("").toAbsolutePath();
    }
}
