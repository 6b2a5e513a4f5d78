package com.centrovision.sync.check;

import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;

/** How the cloud is worked with, and what its optional functions would bring. */
public record CloudFunctionsCheck(CloudMode mode, CloudFunctions functions, List<String> tables) implements Check {
    @Override
    public List<Finding> findings() throws IOException {
        if (mode == CloudMode.REST) {
            return List.of(Finding.fine(Text.of("check.functions.rest")));
        }
        functions.refresh();
        if (functions.areUsed()) {
            return used();
        }
        var version = functions.info().path("version").asInt(0);
        var missing = version > 0
                ? Text.of("check.functions.older", version, CloudFunctions.VERSION)
                : Text.of("check.functions.missing");
        return List.of(version > 0 || mode == CloudMode.ASSISTED ? Finding.notice(missing) : Finding.fine(missing));
    }

    private List<Finding> used() {
        var unfed = new TreeSet<>(tables);
        unfed.removeAll(functions.fed());
        return List.of(
                unfed.isEmpty()
                        ? Finding.fine(Text.of("check.functions.used", CloudFunctions.VERSION))
                        : Finding.notice(Text.of("check.functions.tables", String.join(", ", unfed))));
    }
}
