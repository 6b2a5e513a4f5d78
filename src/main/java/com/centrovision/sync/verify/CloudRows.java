package com.centrovision.sync.verify;

import com.centrovision.sync.cloud.AnswerTooLargeException;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.PageSize;
import com.centrovision.sync.cloud.RowChunks;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;

/** The cloud's side of a comparison: pages by id, each of a size that fits into the memory. Threads share it. */
public final class CloudRows {
    private static final int CHUNK_ROWS = 1000;

    private final CloudApi cloud;
    private final Config.Sync settings;
    private final PageSize pages;
    private final FutureTask<Map<String, Set<String>>> columns;

    public CloudRows(CloudApi cloud, Config.Sync settings) {
        this.cloud = cloud;
        this.settings = settings;
        this.pages = new PageSize(settings.pageRows());
        this.columns = new FutureTask<>(cloud::columns);
    }

    /** The columns of the cloud's tables, asked for once, by whoever wants them first. */
    public Map<String, Set<String>> columns() throws IOException, InterruptedException {
        columns.run();
        return Awaited.of(columns);
    }

    int firstSize(SyncedTable table) {
        return pages.first(table.name());
    }

    /** An answer, and how long it took. */
    record Page(RowChunks rows, Duration took) {}

    int sizeAfter(SyncedTable table, Page page) {
        return pages.after(table.name(), page.rows().rows(), page.rows().bytes(), page.took());
    }

    /** The first rows of a range; no answer but an empty one is the last (protocol 3.2). */
    Page within(SyncedTable table, IdRange range, int rows) throws IOException, InterruptedException {
        var behind = range.after().isEmpty() ? "" : "&id=gt." + range.after();
        return page(table, range.until().isEmpty() ? behind : behind + "&id=lte." + range.until(), rows);
    }

    /** These rows, or the first ones of them. */
    RowChunks among(SyncedTable table, List<String> ids) throws IOException, InterruptedException {
        return page(table, "&id=in.(" + String.join(",", ids) + ")", ids.size()).rows();
    }

    /** What may be asked more than once. */
    interface Question<T> {
        T ask() throws IOException;
    }

    private Page page(SyncedTable table, String which, int rows) throws IOException, InterruptedException {
        var filter = table.filter().isEmpty() ? "" : "&" + table.filter();
        int asked = rows;
        while (true) {
            try {
                var query = "select=*&order=id.asc&limit=" + asked + which + filter;
                return patiently(() -> ask(table.name(), query));
            } catch (AnswerTooLargeException tooLarge) {
                if (asked == 1) {
                    throw tooLarge;
                }
                asked = pages.tooLarge(table.name(), asked);
            }
        }
    }

    /** Silence may be a hiccup: only the last of some tries tells. */
    <T> T patiently(Question<T> question) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (CloudUnavailableException silence) {
                if (attempt >= settings.retryMaxAttempts()) {
                    throw silence;
                }
                Thread.sleep(settings.retryDelay().multipliedBy(attempt).toMillis());
            }
        }
    }

    private Page ask(String table, String query) throws IOException {
        var askedAt = System.nanoTime();
        var rows = RowChunks.of(cloud.rows(table, query), CHUNK_ROWS);
        return new Page(rows, Duration.ofNanos(System.nanoTime() - askedAt));
    }
}
