package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many tables of heavy rows, all of them read at once: the heap holds what is under way. */
class HeavyRowsIT {
    private static final List<String> TABLES =
            IntStream.range(0, 10).mapToObj("pictures_%d"::formatted).toList();

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() throws IOException {
        lab.resetCloud();
        clinic = lab.newClinic();
        for (var table : TABLES) {
            var columns = "create table " + table
                    + " (id uuid primary key default gen_random_uuid(), picture text, updated_at timestamptz default now())";
            lab.cloud().execute(columns);
            clinic.execute(columns);
        }
        lab.reloadCloudSchema();
        image = Image.of(lab, clinic);
        image.onlyTables(List.of());
        var patients = Files.readString(Path.of("routes/tables/patients.camel.yaml"));
        for (var table : TABLES) {
            image.write("routes/tables/" + table + ".camel.yaml", patients.replace("patients", table));
        }
    }

    @AfterEach
    void close() {
        image.close();
        TABLES.forEach(table -> lab.cloud().execute("drop table " + table));
        lab.reloadCloudSchema();
        lab.resetCloud();
    }

    private void fill(int rows, int rowBytes) {
        for (var table : TABLES) {
            lab.cloud()
                    .execute("insert into %s (picture) select repeat(md5(i::text), %d) from generate_series(1, %d) i"
                            .formatted(table, rowBytes / 32, rows));
        }
    }

    private void assertLoads() {
        var ended = image.run("once");

        assertEquals(0, ended.exitCode(), ended::toString);
        TABLES.forEach(table -> Sides.of(lab, clinic).assertEqual(table));
    }

    @Test
    void firstPagesThatAreHeavyAllAtOnceLeaveTheServiceAlive() {
        fill(200, 150_000);

        assertLoads();
    }

    @Test
    void rowsOfMegabytesInEachTableLeaveTheServiceAlive() {
        fill(3, 8_000_000);

        assertLoads();
    }
}
