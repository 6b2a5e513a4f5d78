package com.centrovision.sync.crash;

/**
 * One instant at which the process is killed.
 *
 * @param isThorough whether other points are so near that not every run needs this one
 */
record KillPoint(String name, Work work, Stop stop, boolean isThorough) {
    @Override
    public String toString() {
        return name;
    }
}
