package com.centrovision.sync.cloud.storage;

import java.util.List;
import java.util.Optional;

/** Some of a bucket's files, and from where to ask for more. */
public record StoragePage(List<StoredFile> files, Optional<String> next) {}
