package io.jarnetes.apiserver.server.storage;

import java.time.Duration;
import java.util.List;

/** A running watch. One thread reads, any may close. */
public interface WatchStream extends AutoCloseable {

    /**
     * The events that are there, waiting for the first one at most that long.
     *
     * @return empty after the time-out, or when the watch is closed
     */
    List<WatchEvent> next(Duration timeout) throws InterruptedException;

    /** A bookmark to end with, where the watch asked for bookmarks and has told its beginning. */
    List<WatchEvent> lastBookmark();

    /** Nothing more will come; events that were queued are still to be read. */
    boolean ended();

    @Override
    void close();
}
