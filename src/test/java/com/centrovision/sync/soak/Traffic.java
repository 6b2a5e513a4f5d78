package com.centrovision.sync.soak;

import com.centrovision.sync.demo.LabDatabase;
import java.sql.SQLException;
import java.util.Random;
import java.util.Set;

/** Programs of both sides that go on working, a transaction at a time. */
final class Traffic {
    /** Foreign key, deadlock, and a server that stops, is stopped or starts. */
    private static final Set<String> TO_BE_EXPECTED =
            Set.of("23503", "40P01", "57P01", "57P02", "57P03", "08001", "08003", "08006");

    private final LabDatabase cloud;
    private final LabDatabase clinic;
    private final Random random;
    private long transactions;

    Traffic(LabDatabase cloud, LabDatabase clinic, Random random) {
        this.cloud = cloud;
        this.clinic = clinic;
        this.random = random;
    }

    long transactions() {
        return transactions;
    }

    void work() {
        var side = random.nextInt(3) == 0 ? cloud : clinic;
        try {
            side.execute(deed(side == cloud));
            transactions++;
        } catch (IllegalStateException refusal) {
            if (!(refusal.getCause() instanceof SQLException failure)
                    || !TO_BE_EXPECTED.contains(failure.getSQLState())) {
                throw refusal;
            }
        }
    }

    private String deed(boolean inTheCloud) {
        return switch (random.nextInt(10)) {
            case 0, 1 ->
                """
                with p as (insert into patients (first_name, last_name) values ('Ana', 'Paz') returning id)
                insert into appointments (patient_id, starts_at) select id, now() from p
                """;
            case 2, 3 ->
                """
                with i as (insert into invoices (patient_id, total) select id, 100 from patients where %s returning id)
                insert into invoice_items (invoice_id, description, quantity, unit_price) select id, 'Consulta', 1, 100 from i
                """
                        .formatted(any("patients"));
            case 4 ->
                "insert into crm_leads (name, updated_at) select 'cliente', now() from generate_series(1, "
                        + random.nextInt(100) + ")";
            case 5 -> inTheCloud ? edit("crm_leads", "source") : "delete from crm_leads where " + any("crm_leads");
            case 6 -> edit("appointments", "reason");
            case 7 -> edit("crm_leads", "source");
            default -> edit("patients", "notes");
        };
    }

    private String edit(String table, String column) {
        return "update %s set %s = 'nota %d' where %s".formatted(table, column, random.nextInt(1000), any(table));
    }

    /** One of the first rows: often the same on both sides. */
    private String any(String table) {
        return "id = (select id from %s order by id offset %d limit 1)".formatted(table, random.nextInt(60));
    }
}
