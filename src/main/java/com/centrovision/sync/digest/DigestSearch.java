package com.centrovision.sync.digest;

import com.centrovision.sync.cloud.CloudRefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.springframework.dao.DataAccessException;

/**
 * One search: the table in 256 buckets, then those that differ, down to single rows. Both sides work at the same time: what
 * they tell is only where to look. It gives up where so much differs that reading the rows is not dearer. One thread at a
 * time.
 */
final class DigestSearch {
    /** The cloud's buckets, so many digits longer than these. */
    interface Cloud {
        Map<String, Bucket> buckets(List<String> prefixes, int digits) throws IOException;
    }

    private static final List<String> DIGITS = List.of("0123456789abcdef".split(""));
    private static final String QUERY_CANCELED = "57014";

    /** A request of the cloud should be answered within some seconds. */
    private static final long MOST_ROWS_A_REQUEST = 1 << 17;

    private static final long LEAST_ROWS_A_REQUEST = 1000;
    private static final long MOST_SINGLE_ROWS = 5000;
    private static final long FEW_ROWS = 10_000;
    private static final int FEW_BUCKETS = 8;
    private static final int LONGEST_PREFIX = 12;

    private final BiFunction<List<String>, Integer, Map<String, Bucket>> clinic;
    private final Cloud cloud;
    private final List<String> ids = new ArrayList<>();
    private long tableRows;
    private long rowsAtOnce = MOST_ROWS_A_REQUEST;
    private long equalRows;

    /**
     * @param tableRows how many rows the clinic has
     * @param clinic its buckets, so many digits longer than these
     */
    DigestSearch(long tableRows, BiFunction<List<String>, Integer, Map<String, Bucket>> clinic, Cloud cloud) {
        this.tableRows = tableRows;
        this.clinic = clinic;
        this.cloud = cloud;
    }

    Optional<Differing> run() throws IOException {
        var differing = new TreeMap<String, Long>();
        var cloudRows = compare(DIGITS, tableRows, 1, differing);
        tableRows = Math.max(tableRows, cloudRows);
        return resolves(differing) ? Optional.of(new Differing(ids, equalRows, cloudRows)) : Optional.empty();
    }

    /** Whether the rows in which these buckets differ were found. */
    private boolean resolves(Map<String, Long> buckets) throws IOException {
        var rows = buckets.values().stream().mapToLong(Long::longValue).sum();
        if (rows > FEW_ROWS && rows > tableRows / 2 && buckets.size() > FEW_BUCKETS) {
            return false;
        }
        var group = new ArrayList<String>();
        long inGroup = 0;
        for (var bucket : buckets.entrySet()) {
            if (bucket.getValue() > MOST_SINGLE_ROWS) {
                if (!resolvesLarge(bucket.getKey(), bucket.getValue())) {
                    return false;
                }
                continue;
            }
            if (inGroup + bucket.getValue() > MOST_SINGLE_ROWS) {
                if (!resolvesSmall(group, inGroup)) {
                    return false;
                }
                group.clear();
                inGroup = 0;
            }
            group.add(bucket.getKey());
            inGroup += bucket.getValue();
        }
        return group.isEmpty() || resolvesSmall(group, inGroup);
    }

    private boolean resolvesLarge(String bucket, long rows) throws IOException {
        if (bucket.length() >= LONGEST_PREFIX) {
            return false;
        }
        var within = new TreeMap<String, Long>();
        compare(longer(bucket), rows, 1, within);
        return resolves(within);
    }

    private boolean resolvesSmall(List<String> buckets, long rows) throws IOException {
        var single = new TreeMap<String, Long>();
        compare(buckets, rows, 0, single);
        ids.addAll(single.keySet());
        return ids.size() <= FEW_ROWS;
    }

    /**
     * Puts the buckets that differ with the rows of the larger side into {@code differing}; in several requests where
     * one would take too long.
     *
     * @param rows about how many rows are in these buckets
     * @return how many rows the cloud has in them
     */
    private long compare(List<String> prefixes, long rows, int digits, Map<String, Long> differing) throws IOException {
        if (rows > rowsAtOnce) {
            var parts = prefixes.size() > 1 ? prefixes : longer(prefixes.get(0));
            var half = parts.size() / 2;
            return compare(parts.subList(0, half), rows / 2, digits, differing)
                    + compare(parts.subList(half, parts.size()), rows / 2, digits, differing);
        }
        var ours = CompletableFuture.supplyAsync(() -> clinic.apply(prefixes, digits));
        Map<String, Bucket> theirs;
        try {
            theirs = cloud.buckets(prefixes, digits);
        } catch (CloudRefusedException refusal) {
            if (!refusal.code().equals(QUERY_CANCELED) || rows / 2 < LEAST_ROWS_A_REQUEST) {
                throw refusal;
            }
            rowsAtOnce = rows / 2;
            return compare(prefixes, rows, digits, differing);
        }
        return compare(known(ours), theirs, differing);
    }

    private static Map<String, Bucket> known(CompletableFuture<Map<String, Bucket>> buckets) {
        try {
            return buckets.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof DataAccessException clinics ? clinics : failure;
        }
    }

    private long compare(Map<String, Bucket> ours, Map<String, Bucket> theirs, Map<String, Long> differing) {
        var none = new Bucket(0, "");
        var all = new TreeSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        for (var name : all) {
            var our = ours.getOrDefault(name, none);
            var their = theirs.getOrDefault(name, none);
            if (our.equals(their)) {
                equalRows += our.rows();
            } else {
                differing.put(name, Math.max(our.rows(), their.rows()));
            }
        }
        return theirs.values().stream().mapToLong(Bucket::rows).sum();
    }

    private static List<String> longer(String prefix) {
        return DIGITS.stream().map(digit -> prefix + digit).toList();
    }
}
