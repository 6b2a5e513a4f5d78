package com.centrovision.sync.down;

import com.centrovision.sync.cloud.PageSize;
import com.centrovision.sync.cloud.RowChunks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Pages of a pass, one after the other: first of the rows to visit again by id, then of a first load or a part of it by
 * id, or else by stamp behind the cursor, unless the cloud's feed brings those. Says what to ask for next and when to
 * stop. One thread at a time.
 */
public final class DownStream {
    /** As many as the ids of a request's address may be. */
    private static final int VISIT_ROWS = 100;

    /** Fewer are not worth a stream of their own. */
    private static final long STREAM_ROWS = 2000;

    private enum Kind {
        VISIT,
        LOAD,
        KEYS,
        PASS,
        END
    }

    private final DownPass pass;
    private final PageSize pages;
    private final Kind pagesKind;
    private volatile Kind kind;
    private volatile LoadPart part;
    private volatile String behind;
    private String clock;
    private String appliedAt;
    private Instant cloudNow;
    private int asked;
    private long askedAt;
    private Duration took = Duration.ZERO;
    private OptionalLong count = OptionalLong.empty();
    private boolean isCounted;
    /** How many rows it has yet to bring, as the cloud estimates; none where that is not known. */
    private long left;

    private int pageRows;
    private int pageBytes;
    private String pageStart = "";
    private String lastId = "";
    private List<String> bounds = List.of();
    private List<String> visits;
    private final List<String> visited = new ArrayList<>();
    private boolean wanted;
    private boolean expectsLittle = true;

    private DownStream(DownPass pass, PageSize pages, List<String> visits, Kind pagesKind, Instant cloudNow) {
        this.pass = pass;
        this.pages = pages;
        this.visits = visits;
        this.pagesKind = pagesKind;
        this.kind = visits.isEmpty() ? pagesKind : Kind.VISIT;
        this.cloudNow = cloudNow;
        this.clock = pass.getStart();
        this.appliedAt = clock;
        this.asked = pages.first(pass.table());
    }

    static DownStream load(DownPass pass, PageSize pages, List<String> visits, LoadPart part, Instant cloudNow) {
        var stream = new DownStream(pass, pages, visits, Kind.LOAD, cloudNow);
        stream.part = part;
        return stream;
    }

    /** @param behind the PostgREST filter where the pages by stamp start */
    static DownStream pass(
            DownPass pass,
            PageSize pages,
            List<String> visits,
            boolean isFed,
            boolean keysFirst,
            String behind,
            Instant cloudNow) {
        var stream =
                new DownStream(pass, pages, visits, isFed ? Kind.END : keysFirst ? Kind.KEYS : Kind.PASS, cloudNow);
        stream.behind = behind;
        return stream;
    }

    /** What this stream leaves of a load. */
    private DownStream next(LoadPart rest) {
        var next = load(pass, pages, List.of(), rest, cloudNow);
        next.clock = clock;
        next.appliedAt = clock;
        next.asked = asked;
        next.isCounted = true;
        next.left = left / (bounds.size() + 1);
        next.expectsLittle = false;
        return next;
    }

    static String behindStamp(String stamp, String id) {
        return "or=(updated_at.gt.%1$s,and(updated_at.eq.%1$s,id.gt.%2$s))".formatted(stamp, id);
    }

    /** Whether there is another page to ask for. */
    public boolean isMore() {
        return kind != Kind.END;
    }

    /** What a page is read by: {@code visit}, {@code load}, {@code keys} or {@code pass}. */
    public String getKind() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Which part of a first load it reads; null where it reads none. */
    public String getPart() {
        return part == null ? null : part.from();
    }

    /** Where the first load is to be cut behind this page, with commas between; empty where it goes on as it is. */
    public String getBounds() {
        return String.join(",", bounds);
    }

    /** The next page's query. */
    public String getQuery() {
        return pass.filter().isEmpty() ? query() : query() + "&" + pass.filter();
    }

    private String query() {
        return switch (kind) {
            case VISIT -> "select=*&order=id.asc&limit=" + asked + "&id=in.(" + String.join(",", visit()) + ")";
            case LOAD -> "select=*&order=id.asc&limit=" + asked + and(filter());
            case KEYS -> "select=id,updated_at&order=updated_at.asc,id.asc&limit=" + asked + and(behind);
            case PASS -> "select=*&order=updated_at.asc,id.asc&limit=" + asked + and(behind);
            case END -> throw new IllegalStateException("the stream of " + pass.table() + " has ended");
        };
    }

    private static String and(String filter) {
        return filter.isEmpty() ? "" : "&" + filter;
    }

    /** The PostgREST filter of what it has yet to read behind its visits. */
    String filter() {
        return part == null
                ? behind
                : part.conditions().stream()
                        .map(condition -> condition.replaceFirst("\\.", "="))
                        .collect(Collectors.joining("&"));
    }

    /** The same of a part of a load, as it stands within PostgREST's {@code and}. */
    String rest() {
        return String.join(",", part.conditions());
    }

    /**
     * A load's first page also asks how many rows there are, for the progress line and to know whether to cut; a visit
     * does, to know whether its answer was cut short. Else null.
     */
    public String getPrefer() {
        return kind == Kind.VISIT ? "count=exact" : kind == Kind.LOAD && !isCounted ? "count=estimated" : null;
    }

    /** The clinic database's time before the page was asked for; that of all its chunks. */
    public String getClock() {
        return clock;
    }

    /** The cloud's time of the last answer. */
    public String getCloudNow() {
        return DownPass.STAMP.format(cloudNow);
    }

    List<String> visited() {
        return visited;
    }

    DownPass pass() {
        return pass;
    }

    /**
     * Whether its next page is short as a rule: the first one, which asks for few rows, a load's last one as far as the
     * cloud's estimate tells, and what it asks for behind a short one.
     */
    boolean expectsLittle() {
        return expectsLittle;
    }

    /** Whether its page is one of a first load, and may be tried by COPY. */
    boolean mayCopy() {
        return kind == Kind.LOAD && pass.mayCopy();
    }

    boolean readsVersions() {
        return kind == Kind.KEYS;
    }

    /** The page did not come to its end: asks for fewer rows. */
    void pageBrokeOff() {
        asked = pages.brokeOff(pass.table(), asked);
        asks();
    }

    /** Whether its page may have more than one row. */
    boolean asksForSeveral() {
        return asked > 1;
    }

    /** The page was larger than memory allows: asks for fewer rows. */
    void pageWasTooLarge() {
        asked = pages.tooLarge(pass.table(), asked);
    }

    /** What was waited for before is no time of the line's. */
    void asks() {
        askedAt = System.nanoTime();
    }

    void answered(RowChunks answer, Instant date, OptionalLong total) {
        expectsLittle = false;
        pageRows = answer.rows();
        pageBytes = answer.bytes();
        took = Duration.ofNanos(System.nanoTime() - askedAt);
        pageStart = behind;
        wanted = false;
        cloudNow = date;
        count = total;
        bounds = List.of();
        pass.read(pageRows);
        if (kind == Kind.LOAD && !isCounted) {
            isCounted = true;
            count.ifPresent(pass::brings);
            left = count.orElse(0) - pageRows;
            bounds = boundsBehind(answer);
        } else {
            left -= pageRows;
        }
    }

    private List<String> boundsBehind(RowChunks page) {
        var parts = (int) Math.min(pass.mostStreams(), left / STREAM_ROWS);
        return parts > 1 && part.isWhole() && page.firstId() != null && page.lastId() != null
                ? LoadPart.bounds(page.firstId(), page.lastId(), pageRows, left, parts)
                : List.of();
    }

    /** @param outcome the row of {@code sync_apply_chunk} */
    void applied(Map<String, Object> outcome) {
        pass.applied(number(outcome, "applied"), number(outcome, "unchanged"));
        wanted |= kind == Kind.KEYS && number(outcome, "left_out") > 0;
        appliedAt = outcome.get("clock").toString();
        lastId = outcome.get("last_id").toString();
        if (kind == Kind.LOAD) {
            part = part.after(lastId);
        } else if (kind == Kind.PASS || kind == Kind.KEYS) {
            behind = behindStamp(outcome.get("last_stamp").toString(), lastId);
        }
    }

    private static long number(Map<String, Object> outcome, String column) {
        return ((Number) outcome.get(column)).longValue();
    }

    /** The rows to ask for by id next. */
    private List<String> visit() {
        return visits.subList(0, Math.min(VISIT_ROWS, visits.size()));
    }

    /** An answer that was cut short says nothing about the rows behind its last one: they are asked for next. */
    private void visitEnds() {
        var page = visit();
        var isWhole = count.orElse(Long.MAX_VALUE) <= pageRows;
        var told = isWhole
                ? page
                : page.stream().filter(id -> id.compareTo(lastId) <= 0).toList();
        visited.addAll(told);
        visits = visits.subList(told.isEmpty() ? page.size() : told.size(), visits.size());
        lastId = "";
    }

    void pageEnds() {
        clock = appliedAt;
        if (kind == Kind.VISIT) {
            visitEnds();
            kind = visits.isEmpty() ? pagesKind : Kind.VISIT;
        } else if (kind == Kind.KEYS && wanted) {
            behind = pageStart;
            kind = Kind.PASS;
        } else if (kind == Kind.LOAD ? pageRows == 0 : pages.isLast(pageRows, asked)) {
            kind = Kind.END;
        } else {
            expectsLittle = pages.isLast(pageRows, asked);
            asked = pages.after(pass.table(), pageRows, pageBytes, took);
            expectsLittle |= left > 0 && left < asked / 2;
            kind = pagesKind;
        }
        if (!bounds.isEmpty()) {
            pass.cutInto(part.cutAt(bounds).stream().map(this::next).toList());
            kind = Kind.END;
        }
    }
}
