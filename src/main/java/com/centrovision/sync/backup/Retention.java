package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which backups are kept: the last one of each of the last days, weeks and months that have one, and the newest in any case. */
final class Retention {
    private final Config.Retention limits;
    private final ZoneId zone;

    Retention(Config.Retention limits, ZoneId zone) {
        this.limits = limits;
        this.zone = zone;
    }

    /** What counts of a backup; one that was not proved to restore counts only as long as it is the newest. */
    record Kept(String name, Instant madeAt, boolean proved) {}

    /** Those that may go. None, where the newest was not proved: then the older ones are all there is. */
    List<Kept> expired(Collection<Kept> backups) {
        var newestFirst = backups.stream()
                .sorted(Comparator.comparing(Kept::madeAt).reversed().thenComparing(Kept::name))
                .toList();
        if (newestFirst.isEmpty() || !newestFirst.get(0).proved()) {
            return List.of();
        }
        var proved = newestFirst.stream().filter(Kept::proved).toList();
        var kept = new HashSet<Kept>(proved.stream().limit(limits.atLeast()).toList());
        kept.addAll(daily(proved));
        kept.addAll(weekly(proved));
        kept.addAll(monthly(proved));
        return newestFirst.stream().filter(backup -> !kept.contains(backup)).toList();
    }

    /** What each of them counts as, by its name: the shortest period that keeps it; of the others nothing is said. */
    Map<String, KeptBackup.Kind> kinds(Collection<Kept> backups) {
        var proved = backups.stream()
                .filter(Kept::proved)
                .sorted(Comparator.comparing(Kept::madeAt).reversed().thenComparing(Kept::name))
                .toList();
        var kinds = new HashMap<String, KeptBackup.Kind>();
        monthly(proved).forEach(backup -> kinds.put(backup.name(), KeptBackup.Kind.MONTHLY));
        weekly(proved).forEach(backup -> kinds.put(backup.name(), KeptBackup.Kind.WEEKLY));
        daily(proved).forEach(backup -> kinds.put(backup.name(), KeptBackup.Kind.DAILY));
        return kinds;
    }

    private List<Kept> daily(List<Kept> newestFirst) {
        return kept(newestFirst, limits.daily(), ZonedDateTime::toLocalDate);
    }

    private List<Kept> weekly(List<Kept> newestFirst) {
        return kept(
                newestFirst,
                limits.weekly(),
                time -> List.of(time.get(IsoFields.WEEK_BASED_YEAR), time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
    }

    private List<Kept> monthly(List<Kept> newestFirst) {
        return kept(newestFirst, limits.monthly(), time -> List.of(time.getYear(), time.getMonthValue()));
    }

    private List<Kept> kept(List<Kept> newestFirst, int periods, Function<ZonedDateTime, Object> period) {
        var seen = new HashSet<Object>();
        return newestFirst.stream()
                .filter(backup -> seen.size() < periods
                        && seen.add(period.apply(backup.madeAt().atZone(zone))))
                .toList();
    }
}
