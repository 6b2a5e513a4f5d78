package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.sql.SQLException;
import java.sql.Timestamp;

/** What the programs of a clinic write, for the service to bring up; each in one transaction. Returned is when it ended. */
final class ClinicWork {
    private ClinicWork() {}

    /** New patients like those that there are. */
    static Timestamp insertPatients(LabDatabase clinic, int rows) throws SQLException {
        var names = Columns.of(clinic, "patients").names();
        return commit(
                clinic,
                "insert into patients (%s) select %s from (select * from patients limit %d) p"
                        .formatted(names, names.replaceFirst("\\bid\\b", "gen_random_uuid()"), rows));
    }

    /** Other notes in so many patients. */
    static Timestamp updatePatients(LabDatabase clinic, int rows) throws SQLException {
        return commit(
                clinic,
                "update patients set notes = md5(random()::text) where id in"
                        + " (select id from patients order by random() limit " + rows + ")");
    }

    private static Timestamp commit(LabDatabase clinic, String change) throws SQLException {
        try (var connection = clinic.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(change);
            try (var time = statement.executeQuery("select clock_timestamp()")) {
                time.next();
                var end = time.getTimestamp(1);
                connection.commit();
                return end;
            }
        }
    }
}
