package com.centrovision.sync.files;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.dao.DataAccessException;

/** Does the same with one bucket after another: what the clinic's database does not take of one holds up no other. */
final class Buckets {
    private Buckets() {}

    /** Throws the first failure of the database when all had their turn. */
    static void each(List<String> buckets, Consumer<String> work) {
        var failures = new ArrayList<DataAccessException>();
        for (var bucket : buckets) {
            try {
                work.accept(bucket);
            } catch (DataAccessException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
