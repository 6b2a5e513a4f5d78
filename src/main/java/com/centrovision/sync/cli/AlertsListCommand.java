package com.centrovision.sync.cli;

import com.centrovision.sync.alerts.Alert;
import com.centrovision.sync.alerts.AlertTexts;
import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The problems that go on, then those that ended lately. */
@Command(name = "list")
final class AlertsListCommand implements Callable<Integer> {
    private static final int ENDED = 20;

    @ParentCommand
    private AlertsCommand alerts;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var settings = alerts.config().localPostgres();
        try (var clinic = new ClinicDatabase(settings, 1)) {
            clinic.start();
            var out = spec.commandLine().getOut();
            print(new OpenAlerts(clinic.jdbc()), out);
            out.flush();
            return ExitCode.OK.value();
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(ProblemCode.CLINIC_NOT_PREPARED, settings.database()).causedBy(notPrepared);
        }
    }

    private void print(OpenAlerts kept, PrintWriter out) {
        var locale = alerts.locale();
        var open = kept.open();
        if (open.isEmpty()) {
            out.println(Text.of("alerts.none").in(locale));
        }
        open.forEach(alert -> out.println(Text.of("status.alert", severity(alert), AlertTexts.sentence(alert))
                .in(locale)));
        var ended = kept.lastEnded(ENDED);
        if (!ended.isEmpty()) {
            out.println(Text.of("alerts.ended").in(locale));
        }
        ended.forEach(alert -> out.println(Text.of(
                        "alerts.ended.line",
                        ClinicTime.minute(alert.since()),
                        ClinicTime.minute(alert.endedAt().orElse(null)),
                        AlertTexts.title(alert))
                .in(locale)));
    }

    private static Text severity(Alert alert) {
        return AlertTexts.severity(alert.severity());
    }
}
