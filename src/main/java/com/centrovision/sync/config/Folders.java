package com.centrovision.sync.config;

import java.io.File;
import java.util.Map;

/** Where this system keeps what a service writes; on Windows with slashes, which a configuration need not escape. */
record Folders(String log, String state) {
    static final Folders LINUX = new Folders("/var/log/centrovision-sync", "/var/lib/centrovision-sync");
    static final Folders HERE = of(File.separatorChar, System.getenv());

    static Folders of(char separator, Map<String, String> environment) {
        if (separator != '\\') {
            return LINUX;
        }
        var data = environment.getOrDefault("ProgramData", "C:\\ProgramData").replace('\\', '/') + "/CentroVisionSync";
        return new Folders(data + "/log", data);
    }

    /** The shipped example names the folders of Linux. */
    String in(String example) {
        return example.replace(LINUX.log, log).replace(LINUX.state, state);
    }
}
