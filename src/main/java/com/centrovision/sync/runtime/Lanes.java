package com.centrovision.sync.runtime;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.down.DownLanes;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** How many ask the cloud at a time: as many in each direction as configured, few while the line is slow. */
final class Lanes implements Connection.ChangeListener, AutoCloseable {
    private static final int SLOW_DOWN = 1;
    private static final int SLOW_UP = 2;

    private final int downMost;
    private final int upMost;
    private final DownLanes down;
    private final ExecutorService downThreads = Executors.newCachedThreadPool();
    private final ThreadPoolExecutor up;

    Lanes(int downMost, int upMost) {
        this.downMost = downMost;
        this.upMost = upMost;
        this.down = new DownLanes(downMost);
        this.up = (ThreadPoolExecutor) Executors.newFixedThreadPool(upMost);
    }

    DownLanes down() {
        return down;
    }

    /** The threads of the passes; those without a lane wait. */
    ExecutorService downThreads() {
        return downThreads;
    }

    ThreadPoolExecutor up() {
        return up;
    }

    @Override
    public void changed(CloudReason before, CloudReason now) {
        if (now.isOpen()) {
            var isSlow = now == CloudReason.SLOW;
            down.width(isSlow ? Math.min(SLOW_DOWN, downMost) : downMost);
            up.setCorePoolSize(isSlow ? Math.min(SLOW_UP, upMost) : upMost);
        }
    }

    @Override
    public void close() {
        downThreads.shutdownNow();
        up.shutdownNow();
    }
}
