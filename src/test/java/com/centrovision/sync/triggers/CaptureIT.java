package com.centrovision.sync.triggers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.1: what the triggers note, whoever makes the change. */
class CaptureIT {
    /** Of each row, what its first or its last change notes. */
    private static final String NOTED =
            """
            select distinct on (table_name, record_id) table_name, record_id, %s::text as row
            from _sync_pending
            order by table_name, record_id, id %s
            """;

    private static final String[] TABLES = {"appointments", "branches", "exam_eye", "patients", "rooms"};

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void aClinic() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().generate("capture", 3);
        service = ClinicService.onDemand(lab, clinic, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    @Rule("4.1.1")
    void notesTheSameTextWhateverTheSessionsSettingsAre() {
        service.close();
        var edit = "update exam_eye set updated_at = updated_at; update appointments set reason = reason";
        clinic.execute(edit);
        clinic.execute(
                """
                set timezone = 'Asia/Tokyo';
                set intervalstyle = 'sql_standard';
                set bytea_output = 'escape';
                set extra_float_digits = 0;
                """
                        + edit);

        assertEquals(clinic.query(NOTED.formatted("data", "asc")), clinic.query(NOTED.formatted("base", "desc")));
    }

    @Test
    @Rule("4.1.1")
    void takesEditsInTheOrderTheyWereMadeThoughTheirTransactionsBeganInAnother() throws Exception {
        service.close();
        try (var early = clinic.connect();
                var statement = early.createStatement()) {
            early.setAutoCommit(false);
            statement.execute("select now()");
            clinic.execute("update branches set phone = 'primero'");
            statement.execute("update branches set phone = 'último'");
            early.commit();
        }
        service = ClinicService.onDemand(lab, clinic, TABLES);

        assertEquals(ExitCode.OK, service.pass().exitCode());

        assertEquals(
                List.of("último"),
                lab.cloud().query("select distinct phone from branches").stream()
                        .map(row -> row.get("phone"))
                        .toList());
        Sides.of(lab, clinic).assertEqual("branches");
    }

    @Test
    @Rule("4.1.4")
    void triggersThatAreMissingOrDisabledAreThereAgainAfterAStart() throws SQLException, InterruptedException {
        service.close();
        clinic.execute("drop trigger sync_changes_patients on patients;"
                + "alter table branches disable trigger sync_changes_branches;"
                + "drop trigger sync_no_truncate_rooms on rooms");

        service = ClinicService.onDemand(lab, clinic, TABLES);

        clinic.execute("update patients set notes = 'capturado'; update branches set phone = 'capturado'");
        assertEquals(ExitCode.OK, service.pass().exitCode());
        Sides.of(lab, clinic).assertEqual(TABLES);
        assertEquals(
                0,
                lab.cloud()
                        .query("select from patients where notes is distinct from 'capturado'")
                        .size());
    }
}
