package com.centrovision.sync.crash;

import com.centrovision.sync.config.CloudMode;

/**
 * One instant at which the process is killed.
 *
 * @param way how the process works with the cloud
 * @param isThorough whether other points are so near that not every run needs this one
 */
record KillPoint(String name, CloudMode way, Work work, Stop stop, boolean isThorough) {
    @Override
    public String toString() {
        return name;
    }
}
