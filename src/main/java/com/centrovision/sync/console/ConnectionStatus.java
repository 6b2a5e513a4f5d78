package com.centrovision.sync.console;

import com.centrovision.sync.connection.ConnectionState;
import java.time.Instant;

/**
 * What an app needs to choose between the cloud and the clinic's server.
 *
 * @param localServerIp where the clinic's database is found in its network; null where it is in none
 * @param pendingChanges changes that wait to go up, up to a second old; null as long as they were never counted
 */
record ConnectionStatus(
        String mode,
        boolean supabaseAvailable,
        boolean localAvailable,
        String localServerIp,
        Long pendingChanges,
        Instant lastSync,
        String reason,
        Instant since) {

    static ConnectionStatus of(
            ConnectionState state, boolean clinicReachable, String localServerIp, Long pending, Instant lastSync) {
        return new ConnectionStatus(
                state.mode(),
                state.mode().equals("supabase"),
                clinicReachable,
                localServerIp,
                pending,
                lastSync,
                state.reason(),
                state.since());
    }
}
