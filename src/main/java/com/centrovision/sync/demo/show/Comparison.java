package com.centrovision.sync.demo.show;

import java.util.List;

/** What came out of comparing every row of both sides. */
record Comparison(int tables, long rows, List<String> different) {
    boolean isEqual() {
        return different.isEmpty();
    }
}
