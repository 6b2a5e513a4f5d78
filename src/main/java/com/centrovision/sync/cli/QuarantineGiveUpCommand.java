package com.centrovision.sync.cli;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.quarantine.GivingUp;
import com.centrovision.sync.quarantine.GivingUp.Decision;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A person gives a refused row up; both versions stay on record. */
@Command(name = "give-up")
final class QuarantineGiveUpCommand implements Callable<Integer> {
    @ParentCommand
    private QuarantineCommand quarantine;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", descriptionKey = "parameter.refused")
    private long id;

    @Option(names = "--by", descriptionKey = "option.by", paramLabel = "NAME")
    private Optional<String> person = Optional.empty();

    @Option(names = "--why", descriptionKey = "option.why", paramLabel = "TEXT", required = true)
    private String why;

    @Option(names = "--yes", descriptionKey = "option.yes")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        if (why.isBlank()) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("quarantine.why-needed"));
        }
        var config = quarantine.cli().config();
        if (!yes && !Confirmation.of(Text.of("quarantine.ask", id), quarantine.locale())) {
            say(Text.of("cli.nothing-changed"));
            return ExitCode.FINDINGS.value();
        }
        var supabase = config.supabase();
        try (var http = new CloudHttp(
                        supabase.url(), supabase.serviceKey(), new CloudClock(Clock.systemUTC()), CloudListener.NONE);
                var cloud = new CloudApi(supabase.url(), http)) {
            var givenUp = quarantine.inClinic(clinic -> giveUp(clinic, cloud, config));
            say(givenUp.conflict()
                    .map(kept -> Text.of("quarantine.kept", id, kept))
                    .orElseGet(() -> Text.of("quarantine.not-asked-for", id)));
        }
        return ExitCode.OK.value();
    }

    private GivingUp.GivenUp giveUp(JdbcTemplate clinic, CloudApi cloud, Config config) {
        var name = person.filter(given -> !given.isBlank()).orElseGet(() -> System.getProperty("user.name"));
        return new GivingUp(clinic, cloud, config)
                .giveUp(id, new Decision(name, Optional.empty(), why.strip(), Optional.empty()));
    }

    private void say(Text text) {
        spec.commandLine().getOut().println(text.in(quarantine.locale()));
        spec.commandLine().getOut().flush();
    }
}
