package com.centrovision.sync.cloud.storage;

import java.io.IOException;

/** While bytes went between the storage and a folder, it was the folder that failed. */
public final class FolderException extends IOException {
    private static final long serialVersionUID = 1;

    public FolderException(IOException cause) {
        super(cause);
    }
}
