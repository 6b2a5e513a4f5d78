package com.centrovision.sync.digest;

import com.centrovision.sync.cloud.AnswerTooLargeException;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Finds the rows in which the two sides of a table differ without reading it: each side adds up its own. Threads share
 * it.
 */
public final class Digests {
    private static final Logger LOG = LoggerFactory.getLogger(Digests.class);

    private final JdbcTemplate clinic;
    private final CloudApi cloud;
    private final CloudFunctions functions;
    private final ObjectMapper json = new ObjectMapper();

    public Digests(JdbcTemplate clinic, CloudApi cloud, CloudFunctions functions) {
        this.clinic = clinic;
        this.cloud = cloud;
        this.functions = functions;
    }

    /**
     * Empty where the rows themselves have to be compared: the cloud's functions do not know the table or cannot do it,
     * a filter says which rows count, or too much differs.
     *
     * @param columns those that the cloud has
     */
    public Optional<Differing> differing(String table, String filter, Collection<String> columns) throws IOException {
        functions.refreshIfUnknown();
        if (!filter.isEmpty() || !functions.knows(table)) {
            return Optional.empty();
        }
        var compared = clinic.queryForList(
                "select unnest(sync_digest_columns(?, string_to_array(?, ',')))",
                String.class,
                table,
                String.join(",", columns));
        var rows = clinic.queryForObject("select sync_count(?)", Long.class, table);
        try {
            return new DigestSearch(
                            rows,
                            (prefixes, digits) -> ours(table, compared, prefixes, digits),
                            (prefixes, digits) -> theirs(table, compared, prefixes, digits))
                    .run();
        } catch (CloudRefusedException refusal) {
            LOG.info("digests not told table={} code={}", table, refusal.code());
        } catch (AnswerTooLargeException tooLarge) {
            LOG.info("digests not told table={} code={}", table, AnswerTooLargeException.CODE);
        }
        return Optional.empty();
    }

    private Map<String, Bucket> ours(String table, List<String> columns, List<String> prefixes, int digits) {
        var buckets = clinic.queryForObject(
                "select sync_digest(?, string_to_array(?, ','), string_to_array(?, ','), ?)::text",
                String.class,
                table,
                String.join(",", columns),
                String.join(",", prefixes),
                digits);
        try {
            return Bucket.read(buckets.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new IllegalStateException("the clinic's database wrote no digest", impossible);
        }
    }

    private Map<String, Bucket> theirs(String table, List<String> columns, List<String> prefixes, int digits)
            throws IOException {
        var arguments = json.writeValueAsString(
                Map.of("p_table", table, "p_columns", columns, "p_prefixes", prefixes, "p_digits", digits));
        return Bucket.read(cloud.call("sync_digest", arguments));
    }
}
