package com.centrovision.sync.crash;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Both sides of one kill point, and the programs that hold rows of the clinic meanwhile. */
final class Scene implements AutoCloseable {
    private final Lab lab;
    private final LabDatabase clinic;
    private final Deque<Connection> programs = new ArrayDeque<>();

    Scene(Lab lab, LabDatabase clinic) {
        this.lab = lab;
        this.clinic = clinic;
    }

    Lab lab() {
        return lab;
    }

    LabDatabase cloud() {
        return lab.cloud();
    }

    LabDatabase clinic() {
        return clinic;
    }

    void inTheCloud(String sql) {
        cloud().execute(sql);
    }

    void inTheClinic(String sql) {
        clinic.execute(sql);
    }

    /** A program of the clinic that leaves its transaction open. */
    void programHolds(String sql) {
        try {
            var program = clinic.connect();
            programs.push(program);
            program.setAutoCommit(false);
            try (var statement = program.createStatement()) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void programsLetGo() {
        try {
            while (!programs.isEmpty()) {
                programs.pop().close();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        programsLetGo();
    }
}
