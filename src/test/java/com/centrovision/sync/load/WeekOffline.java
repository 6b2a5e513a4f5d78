package com.centrovision.sync.load;

import com.centrovision.sync.demo.LabDatabase;

/**
 * What both sides did while a clinic was offline: so many changes on each, and every hundredth of them on the same row.
 * Of the clinic's changes a tenth are updates and a fiftieth deletes; the rest is new, children of new parents.
 */
record WeekOffline(int rows) {
    private static final String KEY = "('00000000-0000-000%d-0000-' || lpad(i::text, 12, '0'))::uuid";
    private static final String PATIENT = KEY.formatted(1);
    private static final String NEW_PATIENT = KEY.formatted(2);

    /** What both sides have before. */
    void before(LabDatabase cloud) {
        cloud.execute("insert into patients (id, first_name, last_name) select " + PATIENT + ", 'Ana', 'Paz' from "
                + numbers(0, 50));
        cloud.execute("insert into appointments (id, patient_id, starts_at, reason) select " + PATIENT + ", " + PATIENT
                + ", '2026-05-01 09:00-06', 'Control' from " + numbers(0, 50));
    }

    void inTheCloud(LabDatabase cloud) {
        cloud.execute(
                "update patients set notes = 'nube' where id in (select " + PATIENT + " from " + numbers(0, 40) + ")");
        cloud.execute("update appointments set reason = 'nube' where id in (select " + PATIENT + " from "
                + numbers(0, 40) + ")");
        cloud.execute("insert into crm_leads (name, updated_at) select 'cliente', now() from " + numbers(0, 20));
    }

    void inTheClinic(LabDatabase clinic) {
        clinic.execute("insert into patients (id, first_name, last_name) select " + NEW_PATIENT
                + ", 'Luz', 'Mejía' from " + numbers(0, 30));
        clinic.execute("insert into appointments (patient_id, starts_at) select " + NEW_PATIENT
                + ", '2026-05-02 09:00-06' from " + numbers(0, 30));
        clinic.execute("update patients set notes = 'clínica' where id in (select " + PATIENT + " from "
                + numbers(39, 49) + ")");
        clinic.execute("delete from appointments where id in (select " + PATIENT + " from " + numbers(48, 50) + ")");
        clinic.execute("insert into invoices (id, patient_id, total) select " + NEW_PATIENT + ", " + NEW_PATIENT
                + ", 100 from " + numbers(0, 15));
        clinic.execute("insert into invoice_items (invoice_id, description, quantity, unit_price) select " + NEW_PATIENT
                + ", 'Consulta', 1, 100 from " + numbers(0, 13));
    }

    private String numbers(int fromPercent, int toPercent) {
        return "generate_series(%d, %d) i".formatted(part(fromPercent) + 1, part(toPercent));
    }

    private long part(int percent) {
        return (long) rows * percent / 100;
    }
}
