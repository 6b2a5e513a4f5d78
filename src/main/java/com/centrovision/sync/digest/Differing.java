package com.centrovision.sync.digest;

import java.util.List;

/**
 * What the digests of a table told.
 *
 * @param ids rows that are not the same on both sides, or on one side alone; those that are just moving among them
 * @param equalRows rows that are the same
 * @param cloudRows rows that the cloud has
 */
public record Differing(List<String> ids, long equalRows, long cloudRows) {}
