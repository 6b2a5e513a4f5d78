package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code init} on a new database, and on one that was prepared by hand with the specification's own SQL. */
class InitIT {
    private static final String OF_THE_SPECIFICATION =
            """
            CREATE TABLE IF NOT EXISTS _sync_metadata (
                id SERIAL PRIMARY KEY,
                table_name VARCHAR(100) UNIQUE NOT NULL,
                last_sync_from_supabase TIMESTAMPTZ,
                last_sync_to_supabase TIMESTAMPTZ,
                records_synced_down INTEGER DEFAULT 0,
                records_synced_up INTEGER DEFAULT 0,
                last_error TEXT,
                updated_at TIMESTAMPTZ DEFAULT NOW()
            );
            CREATE TABLE IF NOT EXISTS _sync_pending (
                id SERIAL PRIMARY KEY,
                table_name VARCHAR(100) NOT NULL,
                record_id UUID NOT NULL,
                operation VARCHAR(10) NOT NULL,  -- INSERT, UPDATE, DELETE
                data JSONB,
                created_at TIMESTAMPTZ DEFAULT NOW(),
                synced BOOLEAN DEFAULT FALSE,
                synced_at TIMESTAMPTZ,
                error TEXT,
                retry_count INTEGER DEFAULT 0
            );
            CREATE INDEX idx_sync_pending_unsynced ON _sync_pending(synced) WHERE synced = FALSE;
            CREATE INDEX idx_sync_pending_table ON _sync_pending(table_name);
            CREATE TABLE IF NOT EXISTS _sync_log (
                id SERIAL PRIMARY KEY,
                direction VARCHAR(10) NOT NULL,  -- DOWN (Supabase→Local), UP (Local→Supabase)
                table_name VARCHAR(100),
                records_affected INTEGER,
                status VARCHAR(20),  -- SUCCESS, ERROR, PARTIAL
                error_message TEXT,
                duration_ms INTEGER,
                created_at TIMESTAMPTZ DEFAULT NOW()
            );
            CREATE OR REPLACE FUNCTION log_local_changes()
            RETURNS TRIGGER AS $$
            BEGIN
                -- Solo registrar si el cambio NO vino de sync (evitar loops)
                IF current_setting('app.is_sync', true) IS DISTINCT FROM 'true' THEN
                    IF TG_OP = 'DELETE' THEN
                        INSERT INTO _sync_pending (table_name, record_id, operation, data)
                        VALUES (TG_TABLE_NAME, OLD.id, 'DELETE', row_to_json(OLD)::jsonb);
                        RETURN OLD;
                    ELSE
                        INSERT INTO _sync_pending (table_name, record_id, operation, data)
                        VALUES (TG_TABLE_NAME, NEW.id, TG_OP, row_to_json(NEW)::jsonb);
                        RETURN NEW;
                    END IF;
                END IF;
                RETURN COALESCE(NEW, OLD);
            END;
            $$ LANGUAGE plpgsql;
            CREATE TRIGGER sync_changes_patients
                AFTER INSERT OR UPDATE OR DELETE ON patients
                FOR EACH ROW EXECUTE FUNCTION log_local_changes();
            CREATE TRIGGER sync_changes_branches
                AFTER INSERT OR UPDATE OR DELETE ON branches
                FOR EACH ROW EXECUTE FUNCTION log_local_changes();
            """;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        image = Image.of(lab, clinic);
    }

    @AfterEach
    void close() {
        image.close();
    }

    @Test
    void changesNothingTheSecondTime() {
        clinic.generate("before", 10);
        init();
        var before = fingerprint();

        init();

        assertEquals(before, fingerprint());
    }

    @Test
    void needsNoCloud() {
        image.set("supabase", "url", "\"http://127.0.0.1:1\"");

        init();
    }

    @Test
    void upgradesWhatTheSpecificationsOwnSqlPreparedAndLosesNothing() {
        lab.cloud().generate("both", 10);
        clinic.generate("both", 10);
        clinic.execute(OF_THE_SPECIFICATION);
        clinic.execute(
                """
                insert into _sync_metadata (table_name, records_synced_down) values ('patients', 42);
                insert into _sync_log (direction, table_name, status) values ('DOWN', 'patients', 'SUCCESS');
                insert into branches (name, code) values ('Nueva', 'NUE');
                insert into patients (first_name, last_name) values ('Ana', 'Núñez');
                update patients set notes = 'captada por el disparador viejo', updated_at = now()
                where id = (select min(id::text)::uuid from patients where first_name <> 'Ana');
                insert into patients (first_name, last_name) values ('Sin', 'Marcas');
                delete from patients where last_name = 'Marcas';
                update _sync_pending set synced = null, retry_count = null where operation = 'UPDATE';
                """);
        var captured = clinic.query("select id, table_name, record_id, operation, data from _sync_pending order by id");

        init();

        assertEquals(
                captured,
                clinic.query("select id, table_name, record_id, operation, data from _sync_pending "
                        + "where not preexisting order by id"));
        assertEquals(
                42,
                clinic.value("select records_synced_down from _sync_metadata where table_name = 'patients'")
                        .orElseThrow());
        assertEquals(1, clinic.count("_sync_log"));
        var before = fingerprint();
        init();
        assertEquals(before, fingerprint());

        var ended = image.run("once");

        assertEquals(0, ended.exitCode(), ended.out() + ended.err());
        BothSides.assertEqual(lab, clinic);
        assertEquals(1L, lab.cloud().count("patients where last_name = 'Núñez'"));
        assertEquals(1L, lab.cloud().count("patients where notes = 'captada por el disparador viejo'"));
        assertEquals(0L, clinic.count("_sync_pending where not synced"));
    }

    @Test
    void answersTheSpecificationsOwnQueries() {
        init();

        for (var query : List.of(
                "SELECT table_name, last_sync_from_supabase, last_sync_to_supabase, last_error FROM _sync_metadata",
                "SELECT table_name, COUNT(*) FROM _sync_pending WHERE synced = FALSE GROUP BY table_name",
                "SELECT * FROM _sync_log ORDER BY created_at DESC LIMIT 20")) {
            clinic.query(query);
        }
    }

    private void init() {
        var ended = image.run("init");
        assertEquals(0, ended.exitCode(), ended.out() + ended.err());
        assertEquals("", ended.err());
    }

    /** What init may have touched: the catalogue with the versions of its rows, and the control tables. */
    private Map<String, Object> fingerprint() {
        return clinic.query(
                        """
                        select
                          (select md5(string_agg(xmin::text || oid || relname || coalesce(relacl::text, ''), '' order by oid))
                           from pg_class where relnamespace = 'public'::regnamespace) as relations,
                          (select md5(string_agg(a::text, '' order by attrelid, attnum)) from pg_attribute a
                           join pg_class c on c.oid = attrelid
                           where relnamespace = 'public'::regnamespace) as columns,
                          (select md5(string_agg(xmin::text || p::text, '' order by oid)) from pg_proc p
                           where pronamespace = 'public'::regnamespace) as functions,
                          (select md5(string_agg(xmin::text || t::text, '' order by oid)) from pg_trigger t) as triggers,
                          (select md5(string_agg(p::text, '' order by id)) from _sync_pending p) as pending,
                          (select md5(string_agg(m::text, '' order by id)) from _sync_metadata m) as metadata,
                          (select md5(string_agg(l::text, '' order by id)) from _sync_log l) as log,
                          (select md5(string_agg(h::text, '' order by installed_rank)) from _sync_schema_history h) as history
                        """)
                .get(0);
    }
}
