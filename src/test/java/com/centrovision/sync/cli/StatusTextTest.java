package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.status.ServiceStatus;
import com.centrovision.sync.status.StatusSnapshot;
import com.centrovision.sync.status.StatusSnapshot.Table;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The table of {@code status}: names to the left, numbers as in Honduras to the right, times of the clinic. */
class StatusTextTest {
    private static final Instant NIGHT = Instant.parse("2026-01-02T05:06:07Z");
    private static final StatusSnapshot STATUS = new StatusSnapshot(
            new ServiceStatus("local", "no-network", NIGHT, NIGHT, 0.5, "rest", null, null, null, null),
            1234,
            1,
            2,
            3,
            List.of(),
            List.of(
                    new Table("patients", true, true, NIGHT, 3L, 1_234_567, 89, 1234, 1, 2, 3, null),
                    new Table("crm_leads", true, false, null, null, 0, 0, 0, 0, 0, 0, "la nube no responde"),
                    new Table("old", false, false, null, null, 0, 0, 0, 0, 0, 0, null)),
            List.of(),
            List.of(),
            null);

    @Test
    void setsEachTableInItsLineAndEachNumberUnderItsHeading() {
        assertEquals(
                List.of(
                        "Solo el servidor de la clínica (no hay conexión a internet), desde 01/01/2026 23:06:07",
                        "Por REST simple.",
                        "Última pasada 01/01/2026 23:06:07. En espera 1234, retenidos 1, cuarentena 2, conflictos guardados 3.",
                        "tabla      estado    última pasada          bajaron  subieron  espera  retenidos  cuarentena  último error",
                        "patients   al día    01/01/2026 23:06:07  1,234,567        89   1,234          1           2",
                        "crm_leads  cargando  -                            0         0       0          0           0  la nube no responde",
                        "old        excluida  -                            0         0       0          0           0"),
                lines("es"));
    }

    @Test
    void saysTheSameInEnglish() {
        assertEquals(
                List.of(
                        "table      state     last pass                 down  up  waiting  held  set aside  last error",
                        "patients   synced    01/01/2026 23:06:07  1,234,567  89    1,234     1          2"),
                lines("en").subList(3, 5));
    }

    private static List<String> lines(String language) {
        var clinic = new Config.LocalPostgres("localhost", 5432, "clinic", "sync", "x");
        return new StatusText(STATUS, new ClinicFailures(clinic), Locale.forLanguageTag(language)).lines();
    }
}
