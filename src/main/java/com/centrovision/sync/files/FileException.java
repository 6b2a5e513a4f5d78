package com.centrovision.sync.files;

import java.io.IOException;

/** Why a file could not be moved this time; its code stands in {@code _sync_files}, and its text names no file. */
final class FileException extends IOException {
    private static final long serialVersionUID = 1;

    private static final String CHANGED_THERE = "changed-there";

    private final String code;

    FileException(String code) {
        super("the file was not moved: " + code);
        this.code = code;
    }

    FileException(String code, Throwable cause) {
        this(code);
        initCause(cause);
    }

    /** It is another version in the cloud by now. */
    static FileException changedThere() {
        return new FileException(CHANGED_THERE);
    }

    boolean isChangedThere() {
        return code.equals(CHANGED_THERE);
    }

    String code() {
        return code;
    }

    /** A program has written it since the folder was looked at; the next look sees what it is now. */
    static FileException changedHere() {
        return new FileException("changed-here");
    }
}
