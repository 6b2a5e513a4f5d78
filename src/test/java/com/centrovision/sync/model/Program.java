package com.centrovision.sync.model;

import com.centrovision.sync.demo.LabDatabase;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/** A program of one side that changes rows at random; each of its transactions writes a token of its own. */
final class Program {
    private static final String FOREIGN_KEY = "23503";
    private static final String DEADLOCK = "40P01";

    private final LabDatabase database;
    private final String side;
    private final boolean isCloud;
    private final Random random;
    private final Set<ModelTable> unstamped = EnumSet.noneOf(ModelTable.class);

    private Program(LabDatabase database, String side, boolean isCloud, Random random) {
        this.database = database;
        this.side = side;
        this.isCloud = isCloud;
        this.random = random;
    }

    static Program ofTheCloud(LabDatabase cloud, Random random) {
        return new Program(cloud, "nube", true, random);
    }

    static Program ofTheClinic(LabDatabase clinic, Random random) {
        return new Program(clinic, "clinica", false, random);
    }

    /** Turns the triggers off that move {@code updated_at} on changes: for some tables, where the seed says so. */
    void chooseStamps() {
        for (var table : ModelTable.values()) {
            if (random.nextInt(3) == 0) {
                unstamped.add(table);
                database.execute("alter table " + table.table() + " disable trigger set_updated_at");
            }
        }
    }

    void restoreStamps() {
        unstamped.forEach(table -> database.execute("alter table " + table.table() + " enable trigger set_updated_at"));
    }

    /** One transaction; a rule of the database may refuse it, then nothing has happened. */
    void work(int step) {
        var table = ModelTable.any(random);
        var deeds = deeds(table, side + " " + step);
        var lasts = random.nextInt(15) == 0 && !table.isTakenAlong();
        var statements = "begin; set local model.step = '%d'; %s%s; commit"
                .formatted(step, deeds, lasts ? "; select pg_sleep(0.4)" : "");
        try {
            database.execute(statements);
        } catch (IllegalStateException refusal) {
            if (!(refusal.getCause() instanceof SQLException failure)
                    || !Set.of(FOREIGN_KEY, DEADLOCK).contains(failure.getSQLState())) {
                throw refusal;
            }
        }
    }

    private String deeds(ModelTable table, String token) {
        var key = table.anyKey(random);
        var parentKey = table.parent().map(parent -> parent.anyKey(random)).orElse("");
        return switch (random.nextInt(12)) {
            case 0 -> table.delete(key);
            case 1 -> table.softDelete(key, token, stamp(table));
            case 2, 3, 4, 5 -> table.update(key, token, random.nextInt(100), stamp(table));
            case 6 ->
                table.update(key, token + "a", random.nextInt(100), stamp(table)) + "; "
                        + table.update(key, token, random.nextInt(100), stamp(table));
            case 7 -> withParent(table, key, parentKey, token);
            default -> table.insertOrUpdate(key, parentKey, token, stamp(table));
        };
    }

    private String withParent(ModelTable table, String key, String parentKey, String token) {
        var own = table.insertOrUpdate(key, parentKey, token, stamp(table));
        return table.parent()
                .map(parent -> {
                    var grandparentKey =
                            parent.parent().map(above -> above.anyKey(random)).orElse("");
                    return parent.insertOrUpdate(parentKey, grandparentKey, token, stamp(parent)) + "; " + own;
                })
                .orElse(own);
    }

    /**
     * What a program does about {@code updated_at} where no trigger does it. One of the clinic sometimes forgets it; in
     * the cloud that would be a known limit (protocol 8).
     */
    private String stamp(ModelTable table) {
        var forgets = !isCloud && random.nextInt(4) == 0;
        return unstamped.contains(table) && !forgets ? ", updated_at = clock_timestamp()" : "";
    }
}
