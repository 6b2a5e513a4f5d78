package com.centrovision.sync.backup;

import com.centrovision.sync.problem.Text;
import java.util.List;
import java.util.regex.Pattern;

/** Why one of PostgreSQL's programs gave up, as far as its words are known. */
enum Complaint {
    RIGHT(
            "backup.complaint.right",
            "permission denied|must be owner|must be superuser|must be member of|must be able to SET ROLE"),
    VERSION("backup.complaint.version", "server version mismatch|unsupported version|newer version"),
    DISK("backup.complaint.disk", "No space left on device|could not extend file|disk full"),
    ROLE("backup.complaint.role", "role \"[^\"]*\" does not exist"),
    REFERENCE("backup.complaint.reference", "violates foreign key constraint"),
    FORMAT("backup.complaint.format", "valid archive|unexpected end of file|could not read|corrupt|not a valid"),
    CONNECTION(
            "backup.complaint.connection", "connection to server|server closed the connection|terminating connection"),
    OTHER("backup.complaint.other", "");

    private final String key;
    private final Pattern words;

    Complaint(String key, String words) {
        this.key = key;
        this.words = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
    }

    static Complaint in(String words) {
        return List.of(values()).stream()
                .filter(complaint -> complaint.words.matcher(words).find())
                .findFirst()
                .orElse(OTHER);
    }

    Text text() {
        return Text.of(key);
    }
}
