package com.centrovision.sync.problem;

import static com.centrovision.sync.problem.ExitCode.CONFIGURATION;
import static com.centrovision.sync.problem.ExitCode.FINDINGS;
import static com.centrovision.sync.problem.ExitCode.UNREACHABLE;
import static com.centrovision.sync.problem.Recovery.NEEDS_A_PERSON;
import static com.centrovision.sync.problem.Recovery.NEVER;
import static com.centrovision.sync.problem.Recovery.RETRIES_BY_ITSELF;

import java.util.List;

/**
 * Every problem that has a name. The sentences stand in the bundles under the code; {@code docs/problems.md} is made
 * from both. A code is never used again for something else.
 */
public enum ProblemCode {
    CONFIG_FILE_MISSING("CV-CONFIG-01", CONFIGURATION, NEEDS_A_PERSON, "file", "example"),
    CONFIG_MALFORMED("CV-CONFIG-02", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "column"),
    CONFIG_UNKNOWN_SECTION("CV-CONFIG-03", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "section", "nearest"),
    CONFIG_UNKNOWN_KEY("CV-CONFIG-04", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "key", "nearest"),
    CONFIG_WRONG_VALUE("CV-CONFIG-05", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "key", "value", "expected"),
    CONFIG_REQUIRED("CV-CONFIG-06", CONFIGURATION, NEEDS_A_PERSON, "file", "key", "purpose", "section", "variable"),
    CONFIG_WRONG_VARIABLE("CV-CONFIG-07", CONFIGURATION, NEEDS_A_PERSON, "variable", "value", "expected"),
    CONFIG_UNREADABLE("CV-CONFIG-08", CONFIGURATION, NEEDS_A_PERSON, "file", "reason"),
    CONFIG_UNWRITABLE("CV-CONFIG-09", CONFIGURATION, NEEDS_A_PERSON, "file", "reason"),

    CLINIC_UNREACHABLE("CV-CLINIC-01", UNREACHABLE, RETRIES_BY_ITSELF, "host", "port"),
    CLINIC_PASSWORD_REFUSED("CV-CLINIC-02", UNREACHABLE, NEEDS_A_PERSON, "user"),
    CLINIC_DATABASE_MISSING("CV-CLINIC-03", UNREACHABLE, NEEDS_A_PERSON, "database", "host"),
    CLINIC_GRANT_MISSING("CV-CLINIC-04", CONFIGURATION, NEEDS_A_PERSON, "user", "count", "database"),
    CLINIC_TABLE_UNFIT("CV-CLINIC-05", CONFIGURATION, NEEDS_A_PERSON, "table", "columns"),
    CLINIC_MIGRATION_FAILED("CV-CLINIC-06", CONFIGURATION, NEEDS_A_PERSON, "script", "sqlstate"),
    CLINIC_SILENT("CV-CLINIC-07", UNREACHABLE, RETRIES_BY_ITSELF, "host"),
    CLINIC_STATEMENT_FAILED("CV-CLINIC-08", FINDINGS, RETRIES_BY_ITSELF, "sqlstate"),
    CLINIC_NOT_PREPARED("CV-CLINIC-09", CONFIGURATION, NEEDS_A_PERSON, "database"),
    CLINIC_NOT_ADMITTED("CV-CLINIC-10", UNREACHABLE, NEEDS_A_PERSON, "user", "host"),
    CLINIC_STARTING("CV-CLINIC-11", UNREACHABLE, RETRIES_BY_ITSELF, "host"),
    CLINIC_NO_CONNECTION_LEFT("CV-CLINIC-12", UNREACHABLE, RETRIES_BY_ITSELF, "host"),
    CLINIC_DISK_FULL("CV-CLINIC-13", UNREACHABLE, NEEDS_A_PERSON, "host"),
    CLINIC_DISK_FAILS("CV-CLINIC-14", UNREACHABLE, NEEDS_A_PERSON, "host"),
    CLINIC_READ_ONLY("CV-CLINIC-15", UNREACHABLE, NEEDS_A_PERSON, "host"),
    CLINIC_NEWER("CV-CLINIC-16", CONFIGURATION, NEEDS_A_PERSON, "database", "script"),
    CLINIC_TOO_OLD("CV-CLINIC-17", CONFIGURATION, NEEDS_A_PERSON, "host", "version", "oldest"),

    CLOUD_UNREACHABLE("CV-CLOUD-01", UNREACHABLE, RETRIES_BY_ITSELF, "address"),
    CLOUD_KEY_REFUSED("CV-CLOUD-02", UNREACHABLE, NEEDS_A_PERSON, "status"),
    CLOUD_NOT_POSTGREST("CV-CLOUD-03", UNREACHABLE, RETRIES_BY_ITSELF, "address"),
    CLOUD_BUSY("CV-CLOUD-04", UNREACHABLE, RETRIES_BY_ITSELF, "address"),
    CLOUD_REFUSED("CV-CLOUD-05", FINDINGS, NEVER, "table", "code"),
    CLOUD_PAUSED("CV-CLOUD-06", UNREACHABLE, NEEDS_A_PERSON, "address"),
    CLOUD_OTHER("CV-CLOUD-07", CONFIGURATION, NEEDS_A_PERSON, "mirrored", "configured"),
    CLOUD_NO_ADDRESS("CV-CLOUD-08", UNREACHABLE, RETRIES_BY_ITSELF, "host"),
    CLOUD_TLS("CV-CLOUD-09", UNREACHABLE, NEEDS_A_PERSON, "address"),
    CLOUD_TIMEOUT("CV-CLOUD-10", UNREACHABLE, RETRIES_BY_ITSELF, "address"),
    CLOUD_OVER_QUOTA("CV-CLOUD-11", UNREACHABLE, NEEDS_A_PERSON, "address"),
    CLOUD_RIGHT_MISSING("CV-CLOUD-12", CONFIGURATION, NEEDS_A_PERSON, "table", "rights"),
    CLOUD_SHOWS_NOTHING("CV-CLOUD-13", CONFIGURATION, NEEDS_A_PERSON, "address"),

    TABLE_FILE_MALFORMED("CV-TABLE-01", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "what"),
    TABLE_PARAMETER_UNKNOWN("CV-TABLE-02", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "name", "nearest", "known"),
    TABLE_ROUTE_TWICE("CV-TABLE-03", CONFIGURATION, NEEDS_A_PERSON, "route", "file", "other"),
    TABLE_TEMPLATE_UNKNOWN("CV-TABLE-04", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "template", "known"),
    TABLE_MISSING("CV-TABLE-05", FINDINGS, NEEDS_A_PERSON, "table", "side"),
    TABLE_PARAMETER_WRONG("CV-TABLE-06", CONFIGURATION, NEEDS_A_PERSON, "file", "line", "name", "value", "known"),
    TABLE_FILE_MISNAMED("CV-TABLE-07", CONFIGURATION, NEEDS_A_PERSON, "file", "table", "expected"),
    TABLE_NAME_UNFIT("CV-TABLE-08", CONFIGURATION, NEEDS_A_PERSON, "name"),
    TABLE_FILE_EXISTS("CV-TABLE-09", FINDINGS, NEEDS_A_PERSON, "file"),
    TABLE_CLOUD_UNFIT("CV-TABLE-10", FINDINGS, NEEDS_A_PERSON, "table", "columns"),
    TABLE_UNKNOWN("CV-TABLE-11", FINDINGS, NEEDS_A_PERSON, "table", "suggestion"),
    TABLE_CHANGES_WAIT("CV-TABLE-12", FINDINGS, NEEDS_A_PERSON, "table", "count"),
    TABLE_FILE_UNWRITABLE("CV-TABLE-13", CONFIGURATION, NEEDS_A_PERSON, "file", "reason"),
    TABLE_IDLE("CV-TABLE-14", FINDINGS, NEEDS_A_PERSON, "table"),
    TABLE_LOADING("CV-TABLE-15", FINDINGS, RETRIES_BY_ITSELF, "table"),
    TABLE_NOT_LET_GO("CV-TABLE-16", FINDINGS, NEEDS_A_PERSON, "table"),

    CONFLICT_UNKNOWN("CV-CONFLICT-01", FINDINGS, NEEDS_A_PERSON, "conflict"),
    CONFLICT_DECIDED("CV-CONFLICT-02", FINDINGS, NEVER, "conflict", "person", "time", "version"),
    CONFLICT_MOVED("CV-CONFLICT-03", FINDINGS, NEEDS_A_PERSON, "conflict"),
    CONFLICT_ROW_CHANGED("CV-CONFLICT-04", FINDINGS, NEVER, "conflict"),
    CONFLICT_ROW_BUSY("CV-CONFLICT-05", FINDINGS, NEEDS_A_PERSON, "conflict"),
    CONFLICT_REFUSED("CV-CONFLICT-06", FINDINGS, NEEDS_A_PERSON, "conflict", "sqlstate"),

    CONSOLE_SILENT("CV-CONSOLE-01", FINDINGS, NEEDS_A_PERSON, "host", "port", "reason"),
    CONSOLE_TOKEN_NEEDED("CV-CONSOLE-02", FINDINGS, NEEDS_A_PERSON),
    CONSOLE_TOKEN_WRONG("CV-CONSOLE-03", FINDINGS, NEEDS_A_PERSON),
    CONSOLE_TOO_MANY_TRIES("CV-CONSOLE-04", FINDINGS, RETRIES_BY_ITSELF, "seconds"),
    CONSOLE_OTHER_SITE("CV-CONSOLE-05", FINDINGS, NEVER),
    CONSOLE_REQUEST_UNFIT("CV-CONSOLE-06", FINDINGS, NEVER, "what"),
    CONSOLE_NAME_MISSING("CV-CONSOLE-07", FINDINGS, NEEDS_A_PERSON),
    CONSOLE_NOT_READY("CV-CONSOLE-08", FINDINGS, RETRIES_BY_ITSELF),
    CONSOLE_NOTHING_TO_ACCEPT("CV-CONSOLE-09", FINDINGS, NEVER, "table"),

    QUARANTINE_UNKNOWN("CV-QUARANTINE-01", FINDINGS, NEEDS_A_PERSON, "id"),
    QUARANTINE_ONLY_CLINIC("CV-QUARANTINE-02", FINDINGS, NEEDS_A_PERSON, "id", "table"),
    QUARANTINE_HELD("CV-QUARANTINE-03", FINDINGS, NEEDS_A_PERSON, "id"),
    QUARANTINE_ROW_BUSY("CV-QUARANTINE-04", FINDINGS, NEEDS_A_PERSON, "id"),
    QUARANTINE_GIVEN_UP("CV-QUARANTINE-05", FINDINGS, NEVER, "id"),
    QUARANTINE_MOVED("CV-QUARANTINE-06", FINDINGS, NEEDS_A_PERSON, "id"),
    QUARANTINE_CLOUD_ROW_REFUSED("CV-QUARANTINE-07", FINDINGS, NEEDS_A_PERSON, "id", "sqlstate"),

    BACKUP_KEY_MISSING("CV-BACKUP-01", CONFIGURATION, NEEDS_A_PERSON),
    BACKUP_PROGRAM_MISSING("CV-BACKUP-02", CONFIGURATION, NEEDS_A_PERSON, "program", "version"),
    BACKUP_PROGRAM_OLD("CV-BACKUP-03", CONFIGURATION, NEEDS_A_PERSON, "program", "found", "version"),
    BACKUP_FOLDER_UNWRITABLE("CV-BACKUP-04", CONFIGURATION, NEEDS_A_PERSON, "folder", "reason"),
    BACKUP_NO_SPACE("CV-BACKUP-05", FINDINGS, NEEDS_A_PERSON, "folder", "free", "needed"),
    BACKUP_RIGHT_MISSING("CV-BACKUP-06", CONFIGURATION, NEEDS_A_PERSON, "user"),
    BACKUP_DUMP_FAILED("CV-BACKUP-07", FINDINGS, NEEDS_A_PERSON, "what"),
    BACKUP_NOT_PROVED("CV-BACKUP-08", FINDINGS, NEEDS_A_PERSON, "file", "what"),
    BACKUP_NOT_COPIED("CV-BACKUP-09", FINDINGS, NEEDS_A_PERSON, "folder", "reason"),
    BACKUP_UNDER_WAY("CV-BACKUP-10", FINDINGS, RETRIES_BY_ITSELF, "database"),
    BACKUP_UNKNOWN("CV-BACKUP-11", FINDINGS, NEEDS_A_PERSON, "file", "folder"),
    BACKUP_DAMAGED("CV-BACKUP-12", FINDINGS, NEEDS_A_PERSON, "file"),
    BACKUP_KEY_WRONG("CV-BACKUP-13", FINDINGS, NEEDS_A_PERSON, "file"),
    BACKUP_KEY_UNREADABLE("CV-BACKUP-14", FINDINGS, NEEDS_A_PERSON, "file"),

    RESTORE_DATABASE_EXISTS("CV-RESTORE-01", FINDINGS, NEEDS_A_PERSON, "database"),
    RESTORE_IN_USE("CV-RESTORE-02", FINDINGS, NEEDS_A_PERSON, "database", "sessions"),
    RESTORE_FAILED("CV-RESTORE-03", FINDINGS, NEEDS_A_PERSON, "file", "what"),
    RESTORE_ROLES_MISSING("CV-RESTORE-04", FINDINGS, NEEDS_A_PERSON, "roles"),
    RESTORE_RIGHT_MISSING("CV-RESTORE-05", FINDINGS, NEEDS_A_PERSON, "user"),

    FILE_UNKNOWN("CV-FILE-01", FINDINGS, NEEDS_A_PERSON),
    FILE_NOT_HERE("CV-FILE-02", FINDINGS, RETRIES_BY_ITSELF, "file"),
    FILES_NOT_KEPT("CV-FILE-03", CONFIGURATION, NEEDS_A_PERSON),
    FILE_BUCKET_UNKNOWN("CV-FILE-04", FINDINGS, NEEDS_A_PERSON, "bucket", "known"),
    FILES_FOLDER_MISSING("CV-FILE-05", CONFIGURATION, NEEDS_A_PERSON, "folder"),
    FILES_NOTHING_WAITS("CV-FILE-06", FINDINGS, NEVER),

    LOG_MISSING("CV-LOG-01", FINDINGS, NEEDS_A_PERSON, "file"),
    LOG_UNREADABLE("CV-LOG-02", FINDINGS, NEEDS_A_PERSON, "file", "reason"),

    RUN_SECOND_WRITER("CV-RUN-01", FINDINGS, NEEDS_A_PERSON, "database"),
    ROUTES_UNFIT("CV-RUN-02", CONFIGURATION, NEEDS_A_PERSON, "what"),
    RUN_UNEXPECTED("CV-RUN-99", FINDINGS, NEVER, "what"),
    DEMO_UNAVAILABLE("CV-DEMO-01", FINDINGS, NEEDS_A_PERSON, "reason"),
    START_NO_JAVA("CV-START-01", CONFIGURATION, NEEDS_A_PERSON, "java"),
    START_WRONG_USE("CV-START-02", CONFIGURATION, NEEDS_A_PERSON, "what");

    private final String id;
    private final ExitCode exitCode;
    private final Recovery recovery;
    private final List<String> arguments;

    ProblemCode(String id, ExitCode exitCode, Recovery recovery, String... arguments) {
        this.id = id;
        this.exitCode = exitCode;
        this.recovery = recovery;
        this.arguments = List.of(arguments);
    }

    public String id() {
        return id;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public Recovery recovery() {
        return recovery;
    }

    /** What its sentences tell, in the order of {@code {0}}, {@code {1}} … */
    public List<String> arguments() {
        return arguments;
    }

    Text text(Object... values) {
        if (values.length != arguments.size()) {
            throw new IllegalArgumentException(id + " tells " + arguments + ", not " + values.length + " values");
        }
        return Text.of(id, values);
    }
}
