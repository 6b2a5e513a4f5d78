package com.centrovision.sync.clinic;

/**
 * The session of the clinic's server that holds the writer's lock.
 *
 * @param pid its process
 * @param startedAt when the server began it; together with the pid it is never another one
 * @param since when it had the lock, by the server's clock
 */
record WriterSession(int pid, String startedAt, String since) {}
