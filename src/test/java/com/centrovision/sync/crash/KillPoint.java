package com.centrovision.sync.crash;

/** One instant at which the process is killed. */
record KillPoint(String name, Work work, Stop stop) {
    @Override
    public String toString() {
        return name;
    }
}
