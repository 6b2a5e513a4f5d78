package com.centrovision.sync.check;

import com.centrovision.sync.problem.Text;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Whether the cloud answers, takes the key and shows tables: with a key of the apps it would show none. */
public record CloudAccessCheck(URI address, Map<String, Map<String, String>> types) implements Check {
    @Override
    public List<Finding> findings() {
        return List.of(
                types.isEmpty()
                        ? Finding.wrong(Text.of("check.cloud.empty", address))
                        : Finding.fine(Text.of("check.cloud.fine", address, types.size())));
    }
}
