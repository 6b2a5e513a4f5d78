package com.centrovision.sync.status;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The study files at one moment.
 *
 * @param refused of those that wait, the ones that were tried in vain several times or are too large
 * @param gone files that the cloud has no more and that stay here until a person confirms it
 * @param changed files of the folder that wait because too many were replaced within an hour
 * @param leftOut files of the folder that cannot go up as they are
 * @param studyFiles rows of {@code study_files}; null where the clinic has no such table
 * @param studyFilesComplete of them, those whose bytes are here
 */
public record FileStatus(
        long inFolder,
        long waitingDown,
        long bytesDown,
        long waitingUp,
        long bytesUp,
        long refused,
        long gone,
        long changed,
        long leftOut,
        Long studyFiles,
        Long studyFilesComplete) {

    static FileStatus of(ResultSet row) throws SQLException {
        return new FileStatus(
                row.getLong("in_folder"),
                row.getLong("waiting_down"),
                row.getLong("bytes_down"),
                row.getLong("waiting_up"),
                row.getLong("bytes_up"),
                row.getLong("refused"),
                row.getLong("gone"),
                row.getLong("changed"),
                row.getLong("left_out"),
                row.getObject("study_rows", Long.class),
                row.getObject("study_rows_complete", Long.class));
    }
}
