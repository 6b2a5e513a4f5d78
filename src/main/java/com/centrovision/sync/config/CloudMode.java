package com.centrovision.sync.config;

/** How the cloud is worked with: over plain REST, through the optional functions of {@code sql/cloud}, or as they are found. */
public enum CloudMode {
    AUTO,
    REST,
    ASSISTED
}
