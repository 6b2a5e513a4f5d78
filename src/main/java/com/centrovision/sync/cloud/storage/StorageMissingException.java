package com.centrovision.sync.cloud.storage;

import com.centrovision.sync.cloud.CloudRefusedException;

/** The storage has no such object, bucket or upload, or does not show it to this key. */
public final class StorageMissingException extends CloudRefusedException {
    private static final long serialVersionUID = 1;

    StorageMissingException(int status, String code) {
        super(status, code);
    }
}
