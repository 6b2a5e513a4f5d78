package com.centrovision.sync.demo;

/**
 * How the lab's cloud is set up. {@code maxRows} is PostgREST's db-max-rows, 1000 as in a new Supabase project;
 * {@code replicates} lets PostgreSQL's own logical replication begin there, which Supabase allows too.
 */
public record LabOptions(int maxRows, int cloudConnections, boolean replicates) {
    public LabOptions {
        if (maxRows < 1 || cloudConnections < 1) {
            throw new IllegalArgumentException("maxRows and cloudConnections must be 1 or more");
        }
    }

    public static LabOptions defaults() {
        return new LabOptions(1000, 20, false);
    }

    public LabOptions withMaxRows(int rows) {
        return new LabOptions(rows, cloudConnections, replicates);
    }

    public LabOptions withReplication() {
        return new LabOptions(maxRows, cloudConnections, true);
    }
}
