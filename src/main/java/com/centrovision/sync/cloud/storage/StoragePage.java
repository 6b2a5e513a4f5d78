package com.centrovision.sync.cloud.storage;

import java.util.List;
import java.util.Optional;

/**
 * Some of a bucket's files, and from where to ask for more.
 *
 * @param unfinished names that are there while somebody writes them: nothing else is known of them yet
 */
public record StoragePage(List<StoredFile> files, List<String> unfinished, Optional<String> next) {}
