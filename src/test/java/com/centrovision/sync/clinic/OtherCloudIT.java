package com.centrovision.sync.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.net.URI;
import java.nio.file.Path;
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

    private Config other() {
        var config = ClinicService.config(lab, clinic);
        return new Config(
                new Config.Supabase(
                        URI.create(lab.supabaseUrl().replace("127.0.0.1", "localhost")),
                        config.supabase().serviceKey()),
                config.localPostgres(),
                config.sync(),
                config.reconcile(),
                config.keep(),
                config.logging());
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
