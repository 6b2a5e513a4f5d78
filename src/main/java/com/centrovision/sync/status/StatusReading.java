package com.centrovision.sync.status;

import com.centrovision.sync.alerts.Alert;
import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.status.StatusSnapshot.OpenAlert;
import com.centrovision.sync.status.StatusSnapshot.Standby;
import com.centrovision.sync.status.StatusSnapshot.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What the clinic's database says at one moment, before anybody has chosen a language. */
public record StatusReading(
        ServiceStatus service,
        List<Standby> standbys,
        List<Table> tables,
        List<Alert> alerts,
        List<OpenAlerts.Failing> failingChannels,
        Optional<FileStatus> files) {

    /** With its sentences in the reader's language. */
    public StatusSnapshot in(Locale language) {
        return new StatusSnapshot(
                service,
                pending(),
                sum(Table::held),
                sum(Table::quarantine),
                sum(Table::conflicts),
                standbys,
                tables.stream().map(table -> table.in(language)).toList(),
                alerts.stream().map(alert -> OpenAlert.of(alert, language)).toList(),
                failingChannels,
                files.orElse(null));
    }

    public long pending() {
        return sum(Table::pending);
    }

    private long sum(ToLongFunction<Table> count) {
        return tables.stream().mapToLong(count).sum();
    }
}
