package com.centrovision.sync.cloud;

import com.centrovision.sync.config.CloudMode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the optional functions of {@code sql/cloud} are in the cloud and are to be used. Without them, or with an older
 * version of them, everything goes on over plain REST. Threads share it.
 */
public final class CloudFunctions {
    /** The version of the SQL file that this service needs. */
    public static final int VERSION = 5;

    private static final Logger LOG = LoggerFactory.getLogger(CloudFunctions.class);

    private final CloudMode mode;
    private final CloudApi cloud;
    private final ObjectMapper json = new ObjectMapper();
    private final Object asking = new Object();
    private boolean known;
    private boolean used;
    private Set<String> tables = Set.of();
    private Set<String> fed = Set.of();

    public CloudFunctions(CloudMode mode, CloudApi cloud) {
        this.mode = mode;
        this.cloud = cloud;
    }

    public synchronized boolean areUsed() {
        return used;
    }

    /** Whether they are used, and the cloud has told that they work for this table. */
    public synchronized boolean knows(@Variable("table") String table) {
        return used && tables.contains(table);
    }

    /** The tables that they are used for, with commas between. */
    public synchronized String names() {
        return used ? String.join(",", tables) : "";
    }

    /** Whether the cloud notes every change of the table. */
    public synchronized boolean feeds(String table) {
        return used && fed.contains(table);
    }

    /** The tables whose changes the cloud notes. */
    public synchronized Set<String> fed() {
        return used ? fed : Set.of();
    }

    /** Asks the cloud once; its silence leaves the question open. */
    public void refreshIfUnknown() throws IOException {
        synchronized (asking) {
            if (!isKnown()) {
                refresh();
            }
        }
    }

    /** Asks the cloud which version it has, unless they are not wanted. */
    public void refresh() throws IOException {
        var info = mode == CloudMode.REST ? json.createObjectNode() : info();
        var noted = new TreeSet<String>();
        info.path("tables").forEach(table -> {
            if (table.path("feed").asBoolean()) {
                noted.add(table.path("name").asText());
            }
        });
        learn(info.path("version").asInt(0), info.path("tables").findValuesAsText("name"), noted);
    }

    /** A call was answered that there is no such function: they were removed while the service runs. */
    public void areGone() {
        learn(0, Set.of(), Set.of());
    }

    /** What the cloud tells about itself; its {@code version} is missing where it has no functions. */
    public JsonNode info() throws IOException {
        try {
            return json.readTree(cloud.call("sync_info", "{}"));
        } catch (CloudRefusedException missing) {
            return json.createObjectNode();
        }
    }

    private synchronized boolean isKnown() {
        return known;
    }

    private synchronized void learn(int version, Collection<String> names, Set<String> noted) {
        var fit = version >= VERSION;
        if (!known || fit != used) {
            if (fit) {
                LOG.info("cloud functions used version={}", version);
            } else if (version > 0 || mode == CloudMode.ASSISTED || used) {
                LOG.warn(
                        "cloud functions not used found={} needed={} file=sql/cloud/centrovision_sync.sql",
                        version,
                        VERSION);
            }
        }
        used = fit;
        tables = Set.copyOf(names);
        fed = Set.copyOf(noted);
        known = true;
    }
}
