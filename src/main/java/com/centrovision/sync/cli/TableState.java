package com.centrovision.sync.cli;

import com.centrovision.sync.status.StatusSnapshot;
import java.util.Optional;

/** Whether a table is synced by now, in a word of the JSON. */
final class TableState {
    private TableState() {}

    /** @param table empty where no service has seen it yet */
    static String of(Optional<StatusSnapshot.Table> table, String direction) {
        if (table.isEmpty()) {
            return "new";
        }
        if (!table.get().active()) {
            return "left-out";
        }
        return table.get().loaded() || direction.equals("up") ? "synced" : "loading";
    }
}
