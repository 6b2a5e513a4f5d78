package com.centrovision.sync.demo;

/** Who the clinic's connections are: a superuser, or a plain user that owns the database and its tables. */
public enum ClinicRole {
    SUPERUSER("centrovision_admin"),
    LEAST_PRIVILEGE("centrovision_app");

    private final String user;

    ClinicRole(String user) {
        this.user = user;
    }

    String user() {
        return user;
    }
}
