package com.centrovision.sync.cli;

import com.centrovision.sync.alerts.AlertTexts;
import com.centrovision.sync.alerts.AlertTrial;
import com.centrovision.sync.alerts.Channel;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends a message over each channel and says whether it was taken; needs neither database nor service. */
@Command(name = "test")
final class AlertsTestCommand implements Callable<Integer> {
    @ParentCommand
    private AlertsCommand alerts;

    @Spec
    private CommandSpec spec;

    @Option(names = "--channel", descriptionKey = "option.channel", paramLabel = "NAME")
    private Optional<String> only = Optional.empty();

    @Override
    public Integer call() {
        var config = alerts.config().alerts();
        var channels = chosen(Channel.of(config));
        var out = spec.commandLine().getOut();
        if (channels.isEmpty()) {
            out.println(Text.of("alerts.no-channel").in(alerts.locale()));
            out.flush();
            return ExitCode.FINDINGS.value();
        }
        var failed = false;
        try (var trial = new AlertTrial(config, alerts.cli().home().path())) {
            trial.start();
            for (var channel : channels) {
                var failure = trial.send(channel);
                failed |= failure.isPresent();
                out.println(failure.map(reason -> Text.of("alerts.failed", channel.name(), AlertTexts.failure(reason)))
                        .orElseGet(() -> Text.of("alerts.sent", channel.name()))
                        .in(alerts.locale()));
                out.flush();
            }
        }
        return (failed ? ExitCode.FINDINGS : ExitCode.OK).value();
    }

    private List<Channel> chosen(List<Channel> channels) {
        var chosen = channels.stream()
                .filter(channel -> only.map(channel.name()::equals).orElse(true))
                .toList();
        if (only.isPresent() && chosen.isEmpty()) {
            throw new Problem(
                    ProblemCode.START_WRONG_USE,
                    Text.of(
                            "alerts.not-configured",
                            only.get(),
                            channels.isEmpty()
                                    ? "-"
                                    : String.join(
                                            ", ",
                                            channels.stream().map(Channel::name).toList())));
        }
        return chosen;
    }
}
