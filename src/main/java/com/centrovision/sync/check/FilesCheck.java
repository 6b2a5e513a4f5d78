package com.centrovision.sync.check;

import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.cloud.storage.StorageMissingException;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether the buckets of the study files are there, and the folder for them can be written. */
public record FilesCheck(Config.Storage settings, Path folder, StorageApi storage) implements Check {
    @Override
    public List<Finding> findings() throws IOException {
        var findings = new ArrayList<Finding>();
        for (var bucket : settings.buckets()) {
            if (isMissing(bucket)) {
                findings.add(Finding.wrong(Text.of("check.files.bucket", bucket)));
            }
        }
        if (!canBeWritten()) {
            findings.add(Finding.wrong(Text.of("check.files.folder", folder)));
        }
        var fine = Text.of("check.files.fine", String.join(", ", settings.buckets()), folder);
        return Check.orFine(findings, Finding.fine(fine));
    }

    private boolean isMissing(String bucket) throws IOException {
        try {
            storage.requireBucket(bucket);
            return false;
        } catch (StorageMissingException missing) {
            return true;
        }
    }

    /** The service makes the folder itself, in the nearest one that is there. */
    private boolean canBeWritten() {
        var nearest = folder;
        while (Files.notExists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return Files.isDirectory(nearest) && Files.isWritable(nearest);
    }
}
