package com.centrovision.sync.runtime;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.down.DownLanes;
import com.centrovision.sync.up.UpWidth;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** How many ask the cloud at a time: as many as configured and, on the way up, as help; few while the line is slow. */
final class Lanes implements Connection.ChangeListener, AutoCloseable {
    private static final int SLOW_DOWN = 1;
    private static final int SLOW_UP = 2;
    private static final int CHUNKS = 8;

    private final int downMost;
    private final int chunksMost;
    private final DownLanes down;
    private final ExecutorService downThreads = Executors.newCachedThreadPool();
    private final ThreadPoolExecutor up;
    private final ThreadPoolExecutor upChunks;
    private final UpWidth upWidth;
    private volatile boolean slow;

    Lanes(int downMost, int upMost) {
        this.downMost = downMost;
        this.chunksMost = Math.min(CHUNKS, upMost);
        this.down = new DownLanes(downMost);
        this.upWidth = new UpWidth(upMost, this::widen, System::nanoTime);
        this.up = (ThreadPoolExecutor) Executors.newFixedThreadPool(upWidth.width());
        this.upChunks = (ThreadPoolExecutor) Executors.newFixedThreadPool(chunksMost);
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

    UpWidth upWidth() {
        return upWidth;
    }

    /** The threads of chunks, each of which waits for threads of {@link #up()}. */
    ThreadPoolExecutor upChunks() {
        return upChunks;
    }

    @Override
    public void changed(CloudReason before, CloudReason now) {
        if (!now.isOpen()) {
            upWidth.refused();
            return;
        }
        slow = now == CloudReason.SLOW;
        down.width(slow ? Math.min(SLOW_DOWN, downMost) : downMost);
        resize(upChunks, slow ? Math.min(SLOW_UP, chunksMost) : chunksMost);
        widen(upWidth.width());
    }

    private void widen(int width) {
        resize(up, slow ? Math.min(SLOW_UP, width) : width);
    }

    /** Threads above the maximum end before their next task, those above the core only when there is none. */
    private static synchronized void resize(ThreadPoolExecutor threads, int size) {
        if (size > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(size);
            threads.setCorePoolSize(size);
        } else {
            threads.setCorePoolSize(size);
            threads.setMaximumPoolSize(size);
        }
    }

    @Override
    public void close() {
        downThreads.shutdownNow();
        upChunks.shutdownNow();
        up.shutdownNow();
    }
}
