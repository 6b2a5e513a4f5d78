package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Whether many tables load as fast as one that holds as much. */
final class ManyTables implements Scenario {
    private static final int TABLES = 27;
    private static final String ONE = "one table";
    private static final String MANY = TABLES + " tables";
    private static final List<String> NAMES =
            IntStream.rangeClosed(1, TABLES).mapToObj("bench_%02d"::formatted).toList();

    @Override
    public String name() {
        return "many-tables";
    }

    @Override
    public String method() {
        return "First loads over the line: %d tables like patients with a tenth of the rows each, and patients with as many"
                        .formatted(TABLES)
                + " as all of them.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var each = stand.options().fewRows();
        var rows = TABLES * each;
        stand.patients(rows);
        var one = stand.newClinic();
        try (var service = stand.service(one, "patients")) {
            load(stand, figures, ONE, service, rows);
            stand.requireEqual(one, "patients");
        }

        makeTables(stand, each);
        var many = stand.newClinic();
        NAMES.forEach(name -> many.execute("create table " + name + " (like patients including all)"));
        try (var service = stand.service(many, NAMES.toArray(String[]::new))) {
            var patients = Files.readString(Path.of("routes/tables/patients.camel.yaml"));
            NAMES.forEach(name ->
                    service.image().write("routes/tables/" + name + ".camel.yaml", patients.replace("patients", name)));
            load(stand, figures, MANY, service, rows);
            NAMES.forEach(name -> stand.requireEqual(many, name));
        } finally {
            dropTables(stand.lab().cloud());
            stand.lab().reloadCloudSchema();
        }
    }

    private static void load(Stand stand, Figures figures, String what, Service service, int rows) throws Exception {
        stand.line().become(LineShape.CLINIC);
        service.start();
        var patience = stand.options().patience(rows);
        var watch = service.awaitFirstPage(patience);
        service.awaitLoaded(patience);
        figures.add(what, "rows/s", rows / watch.seconds());
        stand.line().traffic().addTo(figures, what, rows);
    }

    private static void makeTables(Stand stand, int each) {
        var cloud = stand.lab().cloud();
        dropTables(cloud);
        var columns = Columns.of(cloud, "patients").names();
        for (int table = 0; table < TABLES; table++) {
            cloud.execute("create table %s (like patients including all)".formatted(NAMES.get(table)));
            cloud.execute("insert into %s (%s) select %s from patients order by id offset %d limit %d"
                    .formatted(NAMES.get(table), columns, columns, table * each, each));
        }
        cloud.execute("truncate patients cascade");
        Stand.settle(cloud);
        stand.lab().reloadCloudSchema();
    }

    private static void dropTables(LabDatabase cloud) {
        cloud.execute("drop table if exists " + String.join(", ", NAMES));
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(Goal.atLeast("of the rate of one table", figures.ratio(MANY, ONE), 1));
    }
}
