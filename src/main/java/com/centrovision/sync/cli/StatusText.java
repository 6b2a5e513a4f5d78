package com.centrovision.sync.cli;

import com.centrovision.sync.alerts.AlertTexts;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.Severity;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.Backlog;
import com.centrovision.sync.status.ServiceStatus;
import com.centrovision.sync.status.StatusSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The status as a person reads it: what is wrong, how the service stands, a line for each table. */
final class StatusText {
    private final StatusSnapshot status;
    private final ClinicFailures failures;
    private final Locale locale;
    private final List<String> lines = new ArrayList<>();

    StatusText(StatusSnapshot status, ClinicFailures failures, Locale locale) {
        this.status = status;
        this.failures = failures;
        this.locale = locale;
    }

    List<String> lines() {
        lines.clear();
        alerts();
        service(status.service());
        say(Text.of(
                "status.sums",
                ClinicTime.second(status.service().lastPass()),
                status.pending(),
                status.held(),
                status.quarantine(),
                status.conflicts()));
        backlog("status.backlog.up", status.service().backlogUp());
        backlog("status.backlog.down", status.service().backlogDown());
        if (status.files() != null) {
            FileStatusText.lines(status.files()).forEach(this::say);
        }
        tables();
        return List.copyOf(lines);
    }

    private void alerts() {
        for (var alert : status.alerts()) {
            say(Text.of("status.alert", AlertTexts.severity(Severity.of(alert.severity())), alert.text()));
        }
        for (var channel : status.failingChannels()) {
            say(Text.of(
                    "status.channel",
                    channel.channel(),
                    channel.waiting(),
                    ClinicTime.minute(channel.since()),
                    AlertTexts.failure(channel.reason())));
        }
    }

    private void service(ServiceStatus service) {
        say(Text.of(
                "status.mode",
                Text.of("status.mode." + service.mode()),
                reason(service),
                ClinicTime.second(service.since())));
        if (service.clinicProblem() != null) {
            lines.add(failures.noted(service.clinicProblem()).message(locale));
        }
        if (service.isStopped() && !status.standbys().isEmpty()) {
            say(Text.of("status.no-writer"));
        }
        for (var standby : status.standbys()) {
            say(Text.of(
                    "status.standby",
                    standby.host(),
                    String.valueOf(standby.processId()),
                    ClinicTime.second(standby.since())));
        }
        if (service.cloudMode() != null) {
            say(Text.of(service.cloudMode().equals("assisted") ? "status.cloud.assisted" : "status.cloud.rest"));
        }
    }

    /** In words; a newer service may know more of them than this command. */
    private Object reason(ServiceStatus service) {
        var key = "status.reason." + service.reason();
        return Text.bundle(locale).containsKey(key) ? Text.of(key) : service.reason();
    }

    private void backlog(String text, Backlog backlog) {
        if (backlog != null) {
            var minutes = Optional.ofNullable(backlog.minutesLeft())
                    .map(Object::toString)
                    .orElse("?");
            say(Text.of(text, backlog.left(), backlog.rowsPerSecond(), minutes));
        }
    }

    private void tables() {
        var table = new TextTable(
                List.of(3, 4, 5, 6, 7), Text.of("status.heading").in(locale).split("\\|"));
        for (var synced : status.tables()) {
            table.add(
                    synced.name(),
                    Text.of("table.state." + TableState.of(Optional.of(synced), ""))
                            .in(locale),
                    ClinicTime.second(synced.lastSync()),
                    number(synced.rowsDown()),
                    number(synced.rowsUp()),
                    number(synced.pending()),
                    number(synced.held()),
                    number(synced.quarantine()),
                    Optional.ofNullable(synced.lastError()).orElse(""));
        }
        lines.addAll(table.lines());
    }

    private String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private void say(Text text) {
        lines.add(text.in(locale));
    }
}
