package com.centrovision.sync.model;

import java.util.Optional;
import java.util.Random;

/**
 * A table that both sides work on.
 *
 * @param token the column that says who wrote the row last
 * @param other a column that is changed beside it
 * @param columns what an insert names beside these, with {@code %s} for the key of the parent
 */
enum ModelTable {
    PATIENTS("notes", "phone", null, "first_name, last_name", "'Ana', 'Paz'"),
    APPOINTMENTS("reason", "reminder_at", PATIENTS, "patient_id, starts_at", "'%s', '2026-05-01 09:00-06'"),
    INVOICES("status", "total", PATIENTS, "patient_id", "'%s'"),
    INVOICE_ITEMS("description", "quantity", INVOICES, "invoice_id", "'%s'"),
    CRM_LEADS("source", "phone", null, "name", "'lead'");

    private static final int ROWS = 5;

    private final String token;
    private final String other;
    private final ModelTable parent;
    private final String columns;
    private final String values;

    ModelTable(String token, String other, ModelTable parent, String columns, String values) {
        this.token = token;
        this.other = other;
        this.parent = parent;
        this.columns = columns;
        this.values = values;
    }

    static ModelTable any(Random random) {
        return values()[random.nextInt(values().length)];
    }

    String table() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    String token() {
        return token;
    }

    Optional<ModelTable> parent() {
        return Optional.ofNullable(parent);
    }

    /**
     * Whether its rows go with their parent. A known limit: one that is being added while the parent's delete is looked at
     * cannot be seen.
     */
    boolean isTakenAlong() {
        return this == INVOICE_ITEMS;
    }

    String anyKey(Random random) {
        return key(1 + random.nextInt(ROWS));
    }

    /** The key of a row that nobody changes, so that no table is ever empty. */
    String quietKey() {
        return key(99);
    }

    private String key(int row) {
        return "00000000-0000-0000-000%d-%012d".formatted(ordinal(), row);
    }

    String insert(String key, String parentKey, String written) {
        return "insert into %s (id, %s, %s, updated_at) values ('%s', '%s', %s, clock_timestamp())"
                .formatted(table(), token, columns, key, written, values.formatted(parentKey));
    }

    String insertOrUpdate(String key, String parentKey, String written, String stamp) {
        return insert(key, parentKey, written)
                + " on conflict (id) do update set %1$s = excluded.%1$s%2$s".formatted(token, stamp);
    }

    String update(String key, String written, int number, String stamp) {
        var value = this == APPOINTMENTS ? "'%02d:00'".formatted(number % 24) : "'" + number + "'";
        return "update %s set %s = '%s', %s = %s%s where id = '%s'"
                .formatted(table(), token, written, other, value, stamp, key);
    }

    String softDelete(String key, String written, String stamp) {
        return "update %s set %s = '%s', deleted_at = clock_timestamp()%s where id = '%s'"
                .formatted(table(), token, written, stamp, key);
    }

    String delete(String key) {
        return "delete from %s where id = '%s'".formatted(table(), key);
    }
}
