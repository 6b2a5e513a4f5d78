package com.centrovision.sync.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A row that is not the same on both sides.
 *
 * @param kind {@code different}, {@code cloud} or {@code clinic}: only there
 * @param columns those that differ
 * @param reason why the row does not come or go, where that is known
 * @param values by column, what {@code cloud} and {@code clinic} hold; empty unless asked for
 */
public record Difference(String id, String kind, List<String> columns, Optional<String> reason, JsonNode values) {}
