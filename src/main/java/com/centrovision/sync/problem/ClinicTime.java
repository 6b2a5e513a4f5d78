package com.centrovision.sync.problem;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times as people in the clinic write them. */
public final class ClinicTime {
    public static final ZoneId ZONE = ZoneId.of("America/Tegucigalpa");
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm").withZone(ZONE);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm:ss").withZone(ZONE);

    private ClinicTime() {}

    public static String minute(Instant instant) {
        return instant == null ? "-" : MINUTE.format(instant);
    }

    public static String second(Instant instant) {
        return instant == null ? "-" : SECOND.format(instant);
    }
}
