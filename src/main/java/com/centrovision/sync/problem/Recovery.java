package com.centrovision.sync.problem;

/** Who makes a problem go away. */
public enum Recovery {
    /** The service tries again until it works; nobody has to do anything. */
    RETRIES_BY_ITSELF,
    /** Trying again helps only after somebody has put something right. */
    NEEDS_A_PERSON,
    /** The same attempt fails for ever: another one has to be made, or the program has to be mended. */
    NEVER
}
