package com.centrovision.sync.up;

import com.centrovision.sync.demo.LabDatabase;

/** A business trigger of the cloud, which meets what a plain request would bring: the role, its search path, its time zone. */
final class Meddling {
    private Meddling() {}

    /** @param work what the trigger's function does with each row, before it is updated */
    static void withUpdates(LabDatabase cloud, String table, String work) {
        cloud.execute(
                """
                create function meddle() returns trigger language plpgsql as $$ begin %s return new; end $$;
                create trigger meddle before update on %s for each row execute function meddle()
                """
                        .formatted(work, table));
    }

    static void end(LabDatabase cloud) {
        cloud.execute("drop function if exists meddle cascade");
    }
}
