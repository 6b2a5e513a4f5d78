package com.centrovision.sync.crash;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.testing.CommitGate;
import java.sql.SQLException;

/** Where the process is stopped to be killed, and what becomes of what it was doing. */
sealed interface Stop {
    /** To be called before the process is started. */
    Armed arm(Scene scene) throws SQLException;

    static Stop beforeRequest(String method, String path) {
        return new AtRequest(Fault.holdRequest().matching(method, path));
    }

    static Stop beforeRequest(String method, String path, int spared) {
        return new AtRequest(Fault.holdRequest().matching(method, path).after(spared));
    }

    static Stop beforeAnswer(String method, String path) {
        return new AtRequest(Fault.holdAnswer().matching(method, path));
    }

    static Stop beforeAnswer(String method, String path, int spared) {
        return new AtRequest(Fault.holdAnswer().matching(method, path).after(spared));
    }

    /** The process and with it the transaction. */
    static Stop beforeCommit(Change change) {
        return new AtChange(change, false);
    }

    /** The process, while the database commits. */
    static Stop afterCommit(Change change) {
        return new AtChange(change, true);
    }

    static Stop beforeCommit(Definition definition) {
        return new AtDefinition(definition, false);
    }

    static Stop afterCommit(Definition definition) {
        return new AtDefinition(definition, true);
    }

    /** The n-th row of a control table that a transaction changes so. */
    record Change(String table, String event, String condition, int nth) {
        Change(String table, String event, String condition) {
            this(table, event, condition, 1);
        }
    }

    /** The n-th command of a kind that defines something in the clinic's database. */
    record Definition(String command, int nth) {}

    /** A stop that waits for the process. */
    interface Armed extends AutoCloseable {
        boolean isReached();

        /** To be called when the process is dead. */
        void settle() throws SQLException;

        @Override
        void close() throws SQLException;
    }

    record AtRequest(Fault fault) implements Stop {
        @Override
        public Armed arm(Scene scene) {
            var gateway = scene.lab().gateway();
            gateway.fault(fault);
            return new Armed() {
                @Override
                public boolean isReached() {
                    return gateway.held() > 0;
                }

                @Override
                public void settle() {
                    gateway.heal();
                }

                @Override
                public void close() {
                    gateway.heal();
                }
            };
        }
    }

    record AtChange(Change change, boolean commits) implements Stop {
        @Override
        public Armed arm(Scene scene) throws SQLException {
            return new AtGate(
                    CommitGate.atChange(
                            scene.clinic(), change.table(), change.event(), change.condition(), change.nth()),
                    commits);
        }
    }

    record AtDefinition(Definition definition, boolean commits) implements Stop {
        @Override
        public Armed arm(Scene scene) throws SQLException {
            return new AtGate(CommitGate.atDefinition(scene.clinic(), definition.command(), definition.nth()), commits);
        }
    }

    record AtGate(CommitGate gate, boolean commits) implements Armed {
        @Override
        public boolean isReached() {
            return gate.isReached();
        }

        @Override
        public void settle() throws SQLException {
            if (commits) {
                gate.letCommit();
            } else {
                gate.rollBack();
            }
        }

        @Override
        public void close() throws SQLException {
            gate.close();
        }
    }
}
