package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;

/** With {@code -Dbench.profile=true}: in which functions the clinic's database spends its time, in target/bench-profile.txt. */
final class ClinicProfile {
    private static final boolean IS_ASKED_FOR = Boolean.getBoolean("bench.profile");
    private static final Path FILE = Path.of("target/bench-profile.txt");

    private ClinicProfile() {}

    static void begin(LabDatabase clinic) {
        if (IS_ASKED_FOR) {
            clinic.execute("alter database " + clinic.name() + " set track_functions = 'all'");
        }
    }

    static void tell(LabDatabase clinic, String work) throws IOException, InterruptedException {
        if (!IS_ASKED_FOR) {
            return;
        }
        Thread.sleep(1500); // idle sessions report their figures after a second
        var text = clinic
                .query(
                        """
                        select format('%8s calls %9s ms, own %9s ms  %s',
                          calls, round(total_time::numeric), round(self_time::numeric), funcname) as line
                        from pg_stat_user_functions
                        order by self_time desc
                        limit 15
                        """)
                .stream()
                .map(row -> row.get("line").toString())
                .collect(Collectors.joining("\n", work + "\n", "\n\n"));
        Files.writeString(FILE, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        clinic.query("select pg_stat_reset()");
    }
}
