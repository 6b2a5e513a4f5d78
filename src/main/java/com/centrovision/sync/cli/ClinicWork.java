package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.util.function.Function;
import org.springframework.jdbc.BadSqlGrammarException;

/** One piece of work in the clinic's database, for a command that needs nothing else. */
final class ClinicWork {
    private ClinicWork() {}

    static <T> T in(Config.LocalPostgres settings, Function<ClinicDatabase, T> work) {
        try (var clinic = new ClinicDatabase(settings, 2)) {
            clinic.start();
            return work.apply(clinic);
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(ProblemCode.CLINIC_NOT_PREPARED, settings.database()).causedBy(notPrepared);
        }
    }
}
