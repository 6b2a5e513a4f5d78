package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;

/** What the programs of a clinic write, for the service to bring up; each in one transaction. */
final class ClinicWork {
    private ClinicWork() {}

    /** New patients like those that there are. */
    static void insertPatients(LabDatabase clinic, int rows) {
        var names = Columns.of(clinic, "patients").names();
        clinic.execute("insert into patients (%s) select %s from (select * from patients limit %d) p"
                .formatted(names, names.replaceFirst("\\bid\\b", "gen_random_uuid()"), rows));
    }

    /** Other notes in so many patients. */
    static void updatePatients(LabDatabase clinic, int rows) {
        clinic.execute("update patients set notes = md5(random()::text) where id in"
                + " (select id from patients order by random() limit " + rows + ")");
    }
}
