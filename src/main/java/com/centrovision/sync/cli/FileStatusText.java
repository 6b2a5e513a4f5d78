package com.centrovision.sync.cli;

import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.FileStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the study files stand, in sentences. */
final class FileStatusText {
    private FileStatusText() {}

    static List<Text> lines(FileStatus files) {
        var lines = new ArrayList<Text>();
        lines.add(Text.of(
                "files.sums",
                files.inFolder(),
                files.waitingDown(),
                megabytes(files.bytesDown()),
                files.waitingUp(),
                megabytes(files.bytesUp())));
        if (files.studyFiles() != null) {
            lines.add(Text.of("files.complete", files.studyFilesComplete(), files.studyFiles()));
        }
        if (files.refused() > 0) {
            lines.add(Text.of("files.refused", files.refused()));
        }
        if (files.gone() > 0) {
            lines.add(Text.of("files.gone", files.gone()));
        }
        if (files.changed() > 0) {
            lines.add(Text.of("files.changed", files.changed()));
        }
        if (files.leftOut() > 0) {
            lines.add(Text.of("files.left-out", files.leftOut()));
        }
        return lines;
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1_000_000.0);
    }
}
