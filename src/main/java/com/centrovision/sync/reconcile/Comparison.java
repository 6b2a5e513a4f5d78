package com.centrovision.sync.reconcile;

import com.centrovision.sync.digest.Differing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * One comparison of a table's keys: where its next page starts, and what it has seen. Where digests told which rows differ,
 * its pages are of these rows alone, and whole. One thread at a time.
 */
public final class Comparison {
    private static final int IDS_OF_A_REQUEST = 100;
    private static final int WHOLE_ROWS_OF_A_REQUEST = 20;

    private final String table;
    private final String filter;
    private final boolean accepted;
    private final int pageRows;
    private final Deque<String> narrowed = new ArrayDeque<>();
    private boolean whole;
    private String after = "";
    private boolean more = true;
    private String keys = "[]";
    private boolean pageIsFull;
    private String clock = "";
    private long rowsSeen;
    private Long newest;
    private List<String> missing = List.of();

    Comparison(String table, String filter, boolean accepted, int pageRows) {
        this.table = table;
        this.filter = filter;
        this.accepted = accepted;
        this.pageRows = pageRows;
    }

    /** Whether there is another page to compare. */
    public boolean isMore() {
        return more;
    }

    /** The id behind which the next page starts; empty at the start. */
    public String getAfter() {
        return after;
    }

    public int getPageRows() {
        return pageRows;
    }

    /** The ids that the next page is of; empty where it is of all. */
    public String getIds() {
        return whole ? narrowed.element() : "";
    }

    /** Whether the cloud's rows come whole. */
    public boolean isWhole() {
        return whole;
    }

    /** The query of the cloud's next page. */
    public String getQuery() {
        return (whole ? "select=*,xmin" : "select=id,updated_at,xmin")
                + "&order=id.asc&limit=" + pageRows
                + (whole ? "&id=in.(" + narrowed.element() + ")" : "")
                + (after.isEmpty() ? "" : "&id=gt." + after)
                + filter;
    }

    /** The clinic's page of keys. */
    public String getKeys() {
        return keys;
    }

    public boolean isPageIsFull() {
        return pageIsFull;
    }

    /** The clinic database's time before the keys were read. */
    public String getClock() {
        return clock;
    }

    /** Rows of the cloud that were compared. */
    public long getRowsSeen() {
        return rowsSeen;
    }

    /** The newest version that was seen; null where none was. */
    public Long getNewest() {
        return newest;
    }

    /** Whether a person has confirmed what would be refused. */
    public boolean isAccepted() {
        return accepted;
    }

    /** Rows to ask the cloud about once more, and to delete; the ids of one request each. */
    public List<String> getMissing() {
        return missing;
    }

    String table() {
        return table;
    }

    /** Only these rows are not the same on both sides. */
    void narrow(Differing differing) {
        whole = true;
        narrowed.addAll(requests(differing.ids(), WHOLE_ROWS_OF_A_REQUEST));
        rowsSeen = differing.cloudRows();
        more = !narrowed.isEmpty();
    }

    /** @param page the row of {@code sync_clinic_keys} */
    void clinicKeys(Map<String, Object> page) {
        keys = page.get("keys").toString();
        pageIsFull = Boolean.TRUE.equals(page.get("page_is_full"));
        clock = page.get("clock").toString();
    }

    /** @param outcome the row of {@code sync_compare_keys} */
    void compared(Map<String, Object> outcome) {
        newest = (Long) outcome.get("newest");
        more = outcome.get("after") != null;
        after = more ? outcome.get("after").toString() : after;
        if (!whole) {
            rowsSeen += ((Number) outcome.get("rows_seen")).longValue();
        } else if (!more || narrowed.element().endsWith(after)) {
            narrowed.remove();
            after = "";
            more = !narrowed.isEmpty();
        }
    }

    /** @param outcome the row of {@code sync_end_comparison} or {@code sync_gone_rows} */
    void decided(Map<String, Object> outcome) {
        clock = outcome.get("clock").toString();
        var ids = outcome.get("missing").toString();
        missing = requests(ids.isEmpty() ? List.of() : List.of(ids.split(",")), IDS_OF_A_REQUEST);
    }

    private static List<String> requests(List<String> ids, int most) {
        var requests = new ArrayList<String>();
        for (int first = 0; first < ids.size(); first += most) {
            requests.add(String.join(",", ids.subList(first, Math.min(ids.size(), first + most))));
        }
        return requests;
    }
}
