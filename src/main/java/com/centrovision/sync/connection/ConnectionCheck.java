package com.centrovision.sync.connection;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.tables.CloudTables;
import java.io.IOException;
import java.time.Duration;

/** Asks the cloud whether it is there: every tick while it is not, else when it was silent for half a minute. */
public final class ConnectionCheck {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Connection connection;
    private final CloudApi cloud;
    private final CloudTables tables;

    public ConnectionCheck(Connection connection, CloudApi cloud, CloudTables tables) {
        this.connection = connection;
        this.cloud = cloud;
        this.tables = tables;
    }

    /** Called by the route {@code cloud-health}. A silent cloud is no failure of the check: the guard reports it. */
    public void tick() {
        if (connection.isOpen() && !connection.isSilentFor(SILENCE)) {
            return;
        }
        try {
            cloud.check(tables.any());
            tables.refreshIfUnknown();
        } catch (IOException silent) {
            // The connection has heard of it.
        }
    }

    /** Called by the route {@code cloud-tables}. */
    public void refreshTables() {
        try {
            tables.refresh();
        } catch (IOException silent) {
            // The connection has heard of it.
        }
    }
}
