package com.centrovision.sync.check;

import com.centrovision.sync.problem.Text;
import java.nio.file.Path;
import java.util.List;

/** A configuration that could be read: what deserves a warning. */
public record ConfigurationCheck(Path file, List<Text> warnings) implements Check {
    @Override
    public List<Finding> findings() {
        return Check.orFine(
                warnings.stream().map(Finding::notice).toList(), Finding.fine(Text.of("check.config.fine", file)));
    }
}
