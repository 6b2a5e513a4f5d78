package com.centrovision.sync.check;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.cloud.CloudProbe;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.time.Clock;
import org.springframework.dao.DataAccessException;

/**
 * Whether each side lets us in, asked before the configuration is written. What is wrong is thrown.
 *
 * @param acceptsCloud whether another project than the one that the clinic mirrors is meant
 */
public record FirstContact(Config config, boolean acceptsCloud) {
    private static final int OLDEST = 14;

    /** How many tables the key may see. */
    public int cloud() throws IOException {
        var address = config.supabase().url();
        try (var http = new CloudHttp(
                        address,
                        config.supabase().serviceKey(),
                        new CloudClock(Clock.systemUTC()),
                        CloudListener.NONE);
                var probe = new CloudProbe(address, http)) {
            var tables = probe.types().size();
            if (tables == 0) {
                throw new Problem(ProblemCode.CLOUD_SHOWS_NOTHING, address);
            }
            return tables;
        } catch (IOException failure) {
            throw failures().problem(failure, "?");
        }
    }

    /** Which PostgreSQL it is. */
    public String clinic() {
        var settings = config.localPostgres();
        try (var clinic = new ClinicDatabase(settings, 1)) {
            clinic.start();
            var version = clinic.jdbc().queryForObject("show server_version_num", Integer.class);
            requireRecent(version, settings.host());
            if (!acceptsCloud) {
                new MirroredCloud(clinic.jdbc(), config.supabase().url()).requireConfigured();
            }
            return String.valueOf(version / 10_000);
        } catch (DataAccessException failure) {
            throw failures().problem(failure, "?");
        }
    }

    /** @param version as PostgreSQL counts it: 160010 for 16.10 */
    static void requireRecent(int version, String host) {
        if (version < OLDEST * 10_000) {
            throw new Problem(ProblemCode.CLINIC_TOO_OLD, host, version / 10_000, OLDEST);
        }
    }

    private Failures failures() {
        return new Failures(config.supabase().url(), new ClinicFailures(config.localPostgres())::problem);
    }
}
