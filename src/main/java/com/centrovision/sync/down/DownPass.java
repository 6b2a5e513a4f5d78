package com.centrovision.sync.down;

import com.centrovision.sync.cloud.PageSize;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One pass over one table: by one stream of pages, then by several at once where a first load turns out to be large.
 * The threads of its streams share it.
 */
public final class DownPass {
    static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** A table whose rows the clinic refuses again and again is not tried by COPY any more in this pass. */
    private static final int MOST_FAILED_COPIES = 3;

    private final String table;
    private final Map<String, Object> start;
    private final boolean loads;
    private final int mostStreams;
    private final Instant startedAt;
    private final List<String> visited = new ArrayList<>();
    private List<DownStream> streams;
    private List<DownStream> cut = List.of();
    private boolean isComplete;
    private boolean hasFailed;
    private long rows;
    private long applied;
    private long unchanged;
    private long total;
    private int untold;
    private int copiesFailed;
    private CopyPlan copyPlan;

    /**
     * @param start the row of {@code sync_start_pass}
     * @param keysFirst whether so many rows are expected to be mirrored already that their versions are asked for first
     * @param mostStreams of a large first load
     */
    DownPass(
            String table,
            Map<String, Object> start,
            boolean keysFirst,
            int mostStreams,
            PageSize pages,
            Duration overlap,
            Instant cloudNow,
            Instant now) {
        this.table = table;
        this.start = start;
        this.mostStreams = mostStreams;
        this.startedAt = now;
        this.loads = !Boolean.TRUE.equals(start.get("loaded"));
        this.streams = isActive() ? streams(pages, keysFirst, overlap, cloudNow) : List.of();
        this.untold = streams.size();
    }

    private List<DownStream> streams(PageSize pages, boolean keysFirst, Duration overlap, Instant cloudNow) {
        var visits = text("visit").isEmpty()
                ? List.<String>of()
                : List.of(text("visit").split(","));
        if (loads) {
            var parts = List.of(text("parts").split(","));
            return Stream.iterate(0, part -> part < parts.size(), part -> part + 1)
                    .map(part -> DownStream.load(
                            this, pages, part == 0 ? visits : List.of(), LoadPart.of(parts.get(part)), cloudNow))
                    .toList();
        }
        var isFed = Boolean.TRUE.equals(start.get("fed"));
        return List.of(
                DownStream.pass(this, pages, visits, isFed, keysFirst, firstStamp(cloudNow.minus(overlap)), cloudNow));
    }

    /** A table quiet for longer than the overlap starts exactly behind its cursor; another one an overlap ago. */
    private String firstStamp(Instant overlapStart) {
        var cursor = text("cursor_stamp");
        return Instant.parse(cursor).isBefore(overlapStart)
                ? DownStream.behindStamp(cursor, text("cursor_id"))
                : "updated_at=gte." + STAMP.format(overlapStart);
    }

    private String text(String column) {
        var value = start.get(column);
        return value == null ? "" : value.toString();
    }

    /** Whether there is anything to ask for. */
    public boolean isActive() {
        return Boolean.TRUE.equals(start.get("active"));
    }

    /** Whether there are streams to read. */
    public boolean isMore() {
        return !streams.isEmpty();
    }

    /** The streams that can be read now, at once. */
    public List<DownStream> getStreams() {
        return streams;
    }

    /** Goes on with what is left where the streams were read to their end. */
    void streamsEnd() {
        streams.forEach(stream -> visited.addAll(stream.visited()));
        var ended = streams.stream().noneMatch(DownStream::isMore);
        isComplete = ended && cut.isEmpty();
        streams = ended ? cut : List.of();
        cut = List.of();
    }

    /** Whether all was read. */
    public boolean isComplete() {
        return isComplete;
    }

    /** Whether the first load is complete with this pass. */
    public boolean isLoaded() {
        return loads && isComplete;
    }

    /** The rows that were asked for by id and that the answer told about, there or gone. */
    public String getVisited() {
        return String.join(",", visited);
    }

    /** The clinic database's time when the pass began. */
    public String getStart() {
        return text("clock");
    }

    String table() {
        return table;
    }

    String filter() {
        return text("cloud_filter");
    }

    boolean loads() {
        return loads;
    }

    int mostStreams() {
        return mostStreams;
    }

    Instant startedAt() {
        return startedAt;
    }

    synchronized long rows() {
        return rows;
    }

    synchronized long unchanged() {
        return unchanged;
    }

    synchronized long applied() {
        return applied;
    }

    /** How many rows a first load will bring, as the cloud estimates it. */
    synchronized OptionalLong total() {
        return loads && untold == 0 ? OptionalLong.of(total) : OptionalLong.empty();
    }

    /** A stream's first page of a load tells how many rows the stream will bring. */
    synchronized void brings(long streamRows) {
        total += streamRows;
        untold--;
    }

    synchronized void read(int pageRows) {
        rows += pageRows;
    }

    synchronized void applied(long chunkApplied, long chunkUnchanged) {
        applied += chunkApplied;
        unchanged += chunkUnchanged;
    }

    synchronized boolean mayCopy() {
        return loads && copiesFailed < MOST_FAILED_COPIES;
    }

    synchronized void copyFailed() {
        copiesFailed++;
    }

    synchronized Optional<CopyPlan> copyPlan() {
        return Optional.ofNullable(copyPlan);
    }

    synchronized void copyBy(CopyPlan plan) {
        copyPlan = plan;
    }

    /** What is left of a load is read by these. */
    void cutInto(List<DownStream> parts) {
        cut = parts;
    }

    /** Several streams may fail for one reason: whether this is the first that does. */
    synchronized boolean failsFirst() {
        var isFirst = !hasFailed;
        hasFailed = true;
        return isFirst;
    }

    /** How it stands. */
    RunningPass state() {
        var left = streams.stream().filter(DownStream::isMore).toList();
        var rest = left.size() > 1
                ? left.stream()
                        .map(stream -> "and(" + stream.rest() + ")")
                        .collect(Collectors.joining(",", "or=(", ")"))
                : left.stream().map(DownStream::filter).collect(Collectors.joining());
        var filters = Stream.of(rest, filter()).filter(filter -> !filter.isEmpty());
        return new RunningPass(table, startedAt, rows(), total(), filters.collect(Collectors.joining("&")));
    }
}
