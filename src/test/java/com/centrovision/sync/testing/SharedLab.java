package com.centrovision.sync.testing;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The one lab of a test run: started by the first test that asks for it, ended with the JVM. */
public final class SharedLab {
    private SharedLab() {}

    public static Lab get() {
        return Holder.LAB;
    }

    private static final class Holder {
        private static final Lab LAB = Lab.start(Path.of("").toAbsolutePath(), LabOptions.defaults());

        static {
            if (Boolean.getBoolean("cloud.functions")) {
                CloudFile.install(LAB);
            }
            Awaitility.setDefaultTimeout(Duration.ofSeconds(90));
        }
    }
}
