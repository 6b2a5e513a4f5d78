package com.centrovision.sync.check;

import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.problem.Text;
import java.util.List;

/** Whether the project of the configuration is the one that this clinic mirrors. */
public record MirroredCloudCheck(MirroredCloud mirrored) implements Check {
    @Override
    public List<Finding> findings() {
        return List.of(mirrored.problem()
                .map(Finding::of)
                .orElseGet(() -> Finding.fine(mirrored.mirrored()
                        .map(url -> Text.of("check.mirror.fine", url))
                        .orElseGet(() -> Text.of("check.mirror.none")))));
    }
}
