package com.centrovision.sync.demo.show;

import java.time.Duration;

/** How the demo waits: it ends a wait at once when a person has asked it to stop. */
public interface Pause {
    /** @throws InterruptedException when the demo has been asked to stop */
    void rest(Duration duration) throws InterruptedException;
}
