package com.centrovision.sync.down;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids that one stream of a first load reads.
 *
 * @param from where it begins, which names it
 * @param after the last id that was applied; empty where none was
 * @param until the id before which it ends; empty where it ends with the table
 */
record LoadPart(String from, String after, String until) {
    private static final String FIRST = "00000000-0000-0000-0000-000000000000";
    private static final BigInteger END = BigInteger.ONE.shiftLeft(128);

    /** @param text as {@code sync_start_pass} writes it: {@code from/after/until} */
    static LoadPart of(String text) {
        var parts = text.split("/", -1);
        return new LoadPart(parts[0], parts[1], parts[2]);
    }

    boolean isWhole() {
        return from.equals(FIRST) && until.isEmpty();
    }

    LoadPart after(String id) {
        return new LoadPart(from, id, until);
    }

    /** The PostgREST conditions for what is left of it. */
    List<String> conditions() {
        var conditions = new ArrayList<String>();
        if (!after.isEmpty()) {
            conditions.add("id.gt." + after);
        } else if (!from.equals(FIRST)) {
            conditions.add("id.gte." + from);
        }
        if (!until.isEmpty()) {
            conditions.add("id.lt." + until);
        }
        return conditions;
    }

    /** What is left of it, as far as these ids, each of which begins another part. */
    List<LoadPart> cutAt(List<String> bounds) {
        var parts = new ArrayList<LoadPart>();
        parts.add(new LoadPart(from, after, bounds.get(0)));
        for (int bound = 0; bound < bounds.size(); bound++) {
            parts.add(new LoadPart(bounds.get(bound), "", bound + 1 < bounds.size() ? bounds.get(bound + 1) : until));
        }
        return parts;
    }

    /**
     * Where the rows behind a page are to be cut into parts of about the same size, if ids go on as they do in the page:
     * spread by chance over all there can be, or one after the other.
     */
    static List<String> bounds(String firstId, String lastId, int pageRows, long left, int parts) {
        var last = number(lastId);
        var distance = last.subtract(number(firstId)).divide(BigInteger.valueOf(Math.max(1, pageRows - 1)));
        var rest = distance.multiply(BigInteger.valueOf(left)).min(END.subtract(last));
        var bounds = new ArrayList<String>();
        for (int part = 1; part < parts; part++) {
            var bound = last.add(rest.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(parts)));
            if (bound.compareTo(last) > 0 && !bounds.contains(id(bound))) {
                bounds.add(id(bound));
            }
        }
        return bounds;
    }

    private static BigInteger number(String id) {
        return new BigInteger(id.replace("-", ""), 16);
    }

    private static String id(BigInteger number) {
        var digits = "%032x".formatted(number);
        return digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }
}
