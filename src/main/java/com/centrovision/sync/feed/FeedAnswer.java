package com.centrovision.sync.feed;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.RowChunks;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An answer of {@code sync_pull}, its rows cut out as they stand: numbers keep every digit. What is not whole is none. */
final class FeedAnswer {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> fields = new HashMap<>();
    private final List<FeedPart> parts = new ArrayList<>();
    private final byte[] text;
    private final int batchRows;

    private FeedAnswer(byte[] text, int batchRows) {
        this.text = text;
        this.batchRows = batchRows;
    }

    /** @param batchRows as many rows as a part may have */
    static FeedAnswer of(String text, int batchRows) throws IOException {
        var answer = new FeedAnswer(text.getBytes(StandardCharsets.UTF_8), batchRows);
        try (var parser = JSON.createParser(answer.text)) {
            answer.read(parser);
        } catch (JsonProcessingException cut) {
            throw notWhole();
        }
        return answer;
    }

    /** Whether the cursor was good: the feed goes on behind it. */
    boolean isContinued() {
        return fields.get("status").equals("ok");
    }

    String field(String name) {
        return fields.get(name);
    }

    boolean isMore() {
        return fields.get("more").equals("true");
    }

    List<FeedPart> parts() {
        return parts;
    }

    private void read(JsonParser parser) throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                readTables(parser);
            } else {
                fields.put(name, parser.getText());
            }
        }
        require(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
        require(fields.containsKey("status"));
        require(!isContinued() || fields.keySet().containsAll(List.of("cursor", "more", "now", "newest")));
    }

    private void readTables(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            readTable(parser);
        }
        require(parser.currentToken() == JsonToken.END_ARRAY);
    }

    private void readTable(JsonParser parser) throws IOException {
        var table = "";
        var emptied = false;
        var gone = new ArrayList<String>();
        var rows = RowChunks.of("[]".getBytes(StandardCharsets.UTF_8), batchRows);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "table" -> table = parser.getText();
                case "emptied" -> emptied = parser.getBooleanValue();
                case "rows" -> rows = RowChunks.of(slice(parser), batchRows);
                case "gone" -> {
                    while (parser.nextToken() == JsonToken.VALUE_STRING) {
                        gone.add(parser.getText());
                    }
                }
                default -> parser.skipChildren();
            }
        }
        require(!table.isEmpty());
        parts.add(new FeedPart(table, "[]", String.join(",", gone), emptied));
        for (var chunk : rows.chunks()) {
            parts.add(new FeedPart(table, chunk.rows(), "", false));
        }
    }

    private byte[] slice(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY);
        var start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        return Arrays.copyOfRange(text, start, (int) parser.currentLocation().getByteOffset());
    }

    private static void require(boolean fact) throws CloudUnavailableException {
        if (!fact) {
            throw notWhole();
        }
    }

    private static CloudUnavailableException notWhole() {
        return new CloudUnavailableException(CloudReason.DEGRADED, "the answer is not a whole page of the feed", null);
    }
}
