package com.centrovision.sync.bench;

import java.util.List;

/**
 * How a scenario came out.
 *
 * @param rows the size it was run at
 * @param failure why there are figures missing; empty where none is
 */
record Result(
        String scenario,
        String method,
        String date,
        int rows,
        List<Goal> goals,
        List<Measure> measures,
        String failure) {}
