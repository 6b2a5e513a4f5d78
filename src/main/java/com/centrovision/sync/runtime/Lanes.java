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
    private final ThreadPoolExecutor upChunks;

    Lanes(int downMost, int upMost) {
        this.downMost = downMost;
        this.upMost = upMost;
        this.down = new DownLanes(downMost);
        this.up = (ThreadPoolExecutor) Executors.newFixedThreadPool(upMost);
        this.upChunks = (ThreadPoolExecutor) Executors.newFixedThreadPool(upMost);
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

    /** The threads of chunks, each of which waits for threads of {@link #up()}. */
    ThreadPoolExecutor upChunks() {
        return upChunks;
    }

    @Override
    public void changed(CloudReason before, CloudReason now) {
        if (now.isOpen()) {
            var isSlow = now == CloudReason.SLOW;
            down.width(isSlow ? Math.min(SLOW_DOWN, downMost) : downMost);
            var upWidth = isSlow ? Math.min(SLOW_UP, upMost) : upMost;
            up.setCorePoolSize(upWidth);
            upChunks.setCorePoolSize(upWidth);
        }
    }

    @Override
    public void close() {
        downThreads.shutdownNow();
        upChunks.shutdownNow();
        up.shutdownNow();
    }
}
