package com.centrovision.sync.cloud;

/** Hears of every answer and every silence of the cloud. */
public interface CloudListener {
    void answered();

    void unauthorized();

    void unavailable(CloudReason reason);
}
