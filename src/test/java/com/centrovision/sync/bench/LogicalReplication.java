package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** A baseline: PostgreSQL copies a table itself, in its binary format, over a line of the same shape. */
final class LogicalReplication {
    private LogicalReplication() {}

    /** Returns the seconds from the subscription to the end of the initial copy. */
    static double copy(Stand stand, LabDatabase clinic, String table, LineShape shape, Duration patience)
            throws IOException, SQLException, InterruptedException {
        var cloud = stand.lab().cloud();
        cloud.execute("create publication bench for table " + table);
        try (var line = new DelayedLine(cloud.port(), shape)) {
            var watch = new Stopwatch();
            clinic.execute(
                    """
                    create subscription bench
                    connection 'host=127.0.0.1 port=%d dbname=%s user=%s password=%s'
                    publication bench with (binary = true)
                    """
                            .formatted(line.port(), cloud.name(), cloud.user(), cloud.password()));
            try {
                Lookout.until(
                        clinic,
                        "select count(*) > 0 and bool_and(srsubstate in ('f', 's', 'r')) from pg_subscription_rel",
                        patience);
                return watch.seconds();
            } finally {
                line.become(LineShape.NONE);
                clinic.execute("drop subscription bench");
            }
        } finally {
            cloud.execute("drop publication bench");
        }
    }
}
