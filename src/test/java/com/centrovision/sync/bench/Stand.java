package com.centrovision.sync.bench;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.CloudFile;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;

/** What every scenario stands on: the lab with its data, and the line between service and cloud. */
final class Stand implements AutoCloseable {
    static final String SEED = "bench";

    private final Lab lab;
    private final BenchOptions options;
    private final DelayedLine line;
    private LabDatabase clinic;

    Stand(Lab lab, BenchOptions options) throws IOException {
        this.lab = lab;
        this.options = options;
        this.line = new DelayedLine(URI.create(lab.supabaseUrl()).getPort(), LineShape.NONE);
    }

    Lab lab() {
        return lab;
    }

    BenchOptions options() {
        return options;
    }

    DelayedLine line() {
        return line;
    }

    BareClient bareClient(boolean compressed) {
        return new BareClient(line.port(), lab.secretKey(), compressed);
    }

    ProcessorTime processorTime() {
        return ProcessorTime.now(lab, OptionalLong.empty());
    }

    /** The cloud with so many patients and nothing else, without the optional functions. */
    void patients(int rows) {
        lab.resetCloud();
        CloudFile.remove(lab);
        lab.cloud().generatePatients(SEED, rows);
        settle(lab.cloud());
    }

    /** The cloud with rows in all tables, twice as many invoice items as patients. */
    void allTables(int patients) {
        lab.resetCloud();
        CloudFile.remove(lab);
        lab.cloud().generate(SEED, patients);
        settle(lab.cloud());
    }

    void installFunctions() {
        CloudFile.install(lab);
    }

    /** So that no scenario pays for the one before it. */
    static void settle(LabDatabase database) {
        database.execute("vacuum analyze");
        database.execute("checkpoint");
    }

    /** The only one: what PostgreSQL has yet to tidy up in the one before would be paid for by this one. */
    LabDatabase newClinic() {
        if (clinic != null) {
            lab.clinic().execute("drop database " + clinic.name() + " with (force)");
        }
        clinic = lab.newClinic();
        settle(clinic);
        return clinic;
    }

    /** A new clinic, its tables empty, and the service that is to fill these. */
    Service service(LabDatabase clinic, String... tables) {
        line.become(LineShape.NONE);
        line.clear();
        return new Service(this, clinic, List.of(tables));
    }

    /** What was loaded is as in the cloud: a wrong result has no speed. */
    void requireEqual(LabDatabase clinic, String table) {
        if (!fingerprint(lab.cloud(), table).equals(fingerprint(clinic, table))) {
            throw new Unfinished("both sides differ in " + table);
        }
    }

    private static Object fingerprint(LabDatabase database, String table) {
        return database.value("select count(*) || ' ' || sum(hashtextextended(t::text, 0)) from " + table + " t")
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        line.close();
        lab.close();
    }
}
