package com.centrovision.sync.verify;

import java.util.ArrayList;
import java.util.List;

/** The ids behind one, up to another; empty is without a bound. */
record IdRange(String after, String until) {
    /** All ids in so many parts, up to sixteen, by their first digits. */
    static List<IdRange> parts(int count) {
        var parts = new ArrayList<IdRange>();
        var after = "";
        for (int part = 1; part < count; part++) {
            var until = "%xfffffff-ffff-ffff-ffff-ffffffffffff".formatted(16 * part / count - 1);
            parts.add(new IdRange(after, until));
            after = until;
        }
        parts.add(new IdRange(after, ""));
        return parts;
    }
}
