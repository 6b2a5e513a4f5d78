package com.centrovision.sync.down;

import com.centrovision.sync.cloud.PageSize;
import com.centrovision.sync.cloud.RowChunks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One pass over one table: first the rows to visit again by id, then the first load by pages of ids, or else the pages
 * by stamp behind the cursor, unless the cloud's feed brings those. Says what to ask for next and when to stop. One thread at a time.
 */
public final class DownPass {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** As many as the ids of a request's address may be. */
    private static final int VISIT_ROWS = 100;

    private enum Kind {
        VISIT,
        LOAD,
        KEYS,
        PASS,
        END
    }

    private final String table;
    private final Map<String, Object> start;
    private final PageSize pages;
    private final boolean loads;
    private final boolean keysFirst;
    private final Instant startedAt;
    private Kind kind;
    private String behind;
    private String clock;
    private String appliedAt;
    private Instant cloudNow;
    private int asked;
    private long askedAt = System.nanoTime();
    private Duration took = Duration.ZERO;
    private int pageRows;
    private int pageBytes;
    private String pageStart = "";
    private String lastId = "";
    private List<String> visits;
    private String visited = "";
    private boolean wanted;
    private long rows;
    private long applied;
    private long unchanged;
    private OptionalLong total = OptionalLong.empty();

    /**
     * @param start the row of {@code sync_start_pass}
     * @param keysFirst whether so many rows are expected to be mirrored already that their versions are asked for first
     */
    DownPass(
            String table,
            Map<String, Object> start,
            boolean keysFirst,
            PageSize pages,
            Duration overlap,
            Instant cloudNow,
            Instant now) {
        this.table = table;
        this.start = start;
        this.pages = pages;
        this.startedAt = now;
        this.cloudNow = cloudNow;
        this.keysFirst = keysFirst;
        this.loads = !Boolean.TRUE.equals(start.get("loaded"));
        this.clock = text("clock");
        this.appliedAt = clock;
        this.asked = pages.first(table);
        this.behind = loads ? behindId(text("load_after")) : firstStamp(cloudNow.minus(overlap));
        this.visits =
                text("visit").isEmpty() ? List.of() : List.of(text("visit").split(","));
        this.kind = !isActive() ? Kind.END : visits.isEmpty() ? pagesKind() : Kind.VISIT;
    }

    /** A table quiet for longer than the overlap starts exactly behind its cursor; another one an overlap ago. */
    private String firstStamp(Instant overlapStart) {
        var cursor = text("cursor_stamp");
        return Instant.parse(cursor).isBefore(overlapStart)
                ? behindStamp(cursor, text("cursor_id"))
                : "&updated_at=gte." + STAMP.format(overlapStart);
    }

    private static String behindStamp(String stamp, String id) {
        return "&or=(updated_at.gt.%1$s,and(updated_at.eq.%1$s,id.gt.%2$s))".formatted(stamp, id);
    }

    private static String behindId(String id) {
        return id.isEmpty() ? "" : "&id=gt." + id;
    }

    private String text(String column) {
        var value = start.get(column);
        return value == null ? "" : value.toString();
    }

    private Kind pagesKind() {
        if (loads) {
            return Kind.LOAD;
        } else if (Boolean.TRUE.equals(start.get("fed"))) {
            return Kind.END;
        }
        return keysFirst ? Kind.KEYS : Kind.PASS;
    }

    /** Whether there is anything to ask for. */
    public boolean isActive() {
        return Boolean.TRUE.equals(start.get("active"));
    }

    /** Whether there is another page to ask for. */
    public boolean isMore() {
        return kind != Kind.END;
    }

    /** What a page is read by: {@code visit}, {@code load}, {@code keys} or {@code pass}. */
    public String getKind() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** The next page's query. */
    public String getQuery() {
        return text("cloud_filter").isEmpty() ? query() : query() + "&" + text("cloud_filter");
    }

    private String query() {
        return switch (kind) {
            case VISIT -> "select=*&order=id.asc&limit=" + asked + "&id=in.(" + String.join(",", visit()) + ")";
            case LOAD -> "select=*&order=id.asc&limit=" + asked + behind;
            case KEYS -> "select=id,updated_at&order=updated_at.asc,id.asc&limit=" + asked + behind;
            case PASS -> "select=*&order=updated_at.asc,id.asc&limit=" + asked + behind;
            case END -> throw new IllegalStateException("the pass over " + table + " has ended");
        };
    }

    /**
     * A load's first page also asks how many rows there are, for the progress line; a visit does, to know whether its
     * answer was cut short.
     */
    public String getPrefer() {
        return kind == Kind.VISIT ? "count=exact" : kind == Kind.LOAD && rows == 0 ? "count=estimated" : "count=none";
    }

    /** The clinic database's time before the page was asked for; that of all its chunks. */
    public String getClock() {
        return clock;
    }

    /** The cloud's time of the last answer. */
    public String getCloudNow() {
        return STAMP.format(cloudNow);
    }

    /** Whether the first load is complete with this pass. */
    public boolean isLoaded() {
        return kind == Kind.END;
    }

    /** The rows that were asked for by id and that the answer told about, there or gone. */
    public String getVisited() {
        return visited;
    }

    /** The clinic database's time when the pass began. */
    public String getStart() {
        return text("clock");
    }

    String table() {
        return table;
    }

    boolean loads() {
        return loads;
    }

    long rows() {
        return rows;
    }

    long unchanged() {
        return unchanged;
    }

    long applied() {
        return applied;
    }

    /** How many rows a first load will bring, as the cloud estimates it. */
    OptionalLong total() {
        return total;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** The page did not come to its end: asks for half of it. */
    void pageBrokeOff() {
        pages.brokeOff(table, asked);
        asked = Math.max(1, asked / 2);
        askedAt = System.nanoTime();
    }

    /** How it stands. The total of a visit is that of its page. */
    RunningPass state() {
        var rest = Stream.of(behind, text("cloud_filter"))
                .map(part -> part.startsWith("&") ? part.substring(1) : part)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        return new RunningPass(table, startedAt, rows, loads ? total : OptionalLong.empty(), rest);
    }

    /** The page was larger than memory allows: asks for half of it, now and in later passes. */
    void pageWasTooLarge() {
        pages.tooLarge(table, asked);
        asked = Math.max(1, asked / 2);
    }

    void answered(RowChunks answer, Instant date, OptionalLong count) {
        pageRows = answer.rows();
        pageBytes = answer.bytes();
        took = Duration.ofNanos(System.nanoTime() - askedAt);
        pageStart = behind;
        wanted = false;
        cloudNow = date;
        rows += answer.rows();
        if (count.isPresent()) {
            total = count;
        }
    }

    /** @param outcome the row of {@code sync_apply_chunk} */
    void applied(Map<String, Object> outcome) {
        applied += number(outcome, "applied");
        unchanged += number(outcome, "unchanged");
        wanted |= kind == Kind.KEYS && number(outcome, "left_out") > 0;
        appliedAt = outcome.get("clock").toString();
        lastId = outcome.get("last_id").toString();
        if (kind == Kind.LOAD) {
            behind = behindId(lastId);
        } else if (kind == Kind.PASS || kind == Kind.KEYS) {
            behind = behindStamp(outcome.get("last_stamp").toString(), lastId);
        }
    }

    /** The rows to ask for by id next. */
    private List<String> visit() {
        return visits.subList(0, Math.min(VISIT_ROWS, visits.size()));
    }

    /** An answer that was cut short says nothing about the rows behind its last one: they are asked for next. */
    private void visitEnds() {
        var asked = visit();
        var isWhole = total.orElse(Long.MAX_VALUE) <= pageRows;
        var told = isWhole
                ? asked
                : asked.stream().filter(id -> id.compareTo(lastId) <= 0).toList();
        visited = Stream.concat(Stream.of(visited).filter(before -> !before.isEmpty()), told.stream())
                .collect(Collectors.joining(","));
        visits = visits.subList(told.isEmpty() ? asked.size() : told.size(), visits.size());
        lastId = "";
    }

    private static long number(Map<String, Object> outcome, String column) {
        return ((Number) outcome.get(column)).longValue();
    }

    void pageEnds() {
        clock = appliedAt;
        if (kind == Kind.VISIT) {
            visitEnds();
            kind = visits.isEmpty() ? pagesKind() : Kind.VISIT;
        } else if (kind == Kind.KEYS && wanted) {
            behind = pageStart;
            kind = Kind.PASS;
        } else if (kind == Kind.LOAD ? pageRows == 0 : pages.isLast(pageRows, asked)) {
            kind = Kind.END;
        } else {
            asked = pages.after(table, pageRows, pageBytes, took);
            kind = pagesKind();
        }
        askedAt = System.nanoTime();
    }
}
