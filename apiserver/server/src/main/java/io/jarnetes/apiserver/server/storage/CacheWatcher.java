package io.jarnetes.apiserver.server.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One watch on a {@link Cacher}: first the events it starts with, which are read off a snapshot,
 * then those that come. A watcher whose reader lets {@link #CAPACITY} events pile up is ended, so
 * that memory is bounded; its client lists or watches again.
 *
 * <p>Threads: the feed's thread offers, one reader takes.
 */
final class CacheWatcher implements WatchStream {

    static final int CAPACITY = 2_000;
    private static final int BURST = 256;
    private static final long BOOKMARK_NANOS = TimeUnit.SECONDS.toNanos(55);

    private final Selection selection;
    private final boolean bookmarks;
    private final LongSupplier freshness;
    private final Consumer<CacheWatcher> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<WatchEvent> queue = new ArrayDeque<>();
    private final long after;
    private Iterator<WatchEvent> initial;
    private WatchEvent.@Nullable Bookmark initialEnd;
    private long nextBookmarkNanos;
    private long lastRevision;
    private boolean ended;

    /**
     * @param initial what the watch starts with
     * @param initialEnd told after it; null for none
     * @param after only later events are told
     * @param freshness the revision up to which everything has been offered
     */
    CacheWatcher(
            Selection selection,
            boolean bookmarks,
            Iterator<WatchEvent> initial,
            WatchEvent.@Nullable Bookmark initialEnd,
            long after,
            LongSupplier freshness,
            Consumer<CacheWatcher> onClose) {
        this.selection = selection;
        this.bookmarks = bookmarks;
        this.initial = initial;
        this.initialEnd = initialEnd;
        this.after = after;
        this.lastRevision = after;
        this.freshness = freshness;
        this.onClose = onClose;
        this.nextBookmarkNanos = System.nanoTime() + BOOKMARK_NANOS;
    }

    /** Takes a change if it is wanted. */
    void offer(CacheEvent event) {
        if (event.revision() <= after) {
            return;
        }
        WatchEvent.Change change = event.seenBy(selection);
        if (change != null) {
            add(change);
        }
    }

    private void add(WatchEvent event) {
        boolean full;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            full = queue.size() >= CAPACITY;
            if (full) {
                ended = true;
            } else {
                queue.add(event);
            }
            if (full || queue.size() == 1) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
        if (full) {
            onClose.accept(this);
        }
    }

    /** Tells the reader why it is over. */
    void fail(StorageException cause) {
        lock.lock();
        try {
            if (!ended) {
                queue.add(new WatchEvent.Failure(cause));
                ended = true;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<WatchEvent> next(Duration timeout) throws InterruptedException {
        List<WatchEvent> burst = takeInitial();
        if (!burst.isEmpty()) {
            return burst;
        }
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (queue.isEmpty() && !ended && left > 0) {
                long untilBookmark = nextBookmarkNanos - System.nanoTime();
                if (bookmarks && untilBookmark <= 0) {
                    break;
                }
                long wait = bookmarks ? Math.min(left, untilBookmark) : left;
                left -= wait - Math.max(0, arrived.awaitNanos(wait));
            }
            while (!queue.isEmpty() && burst.size() < BURST) {
                burst.add(queue.poll());
            }
        } finally {
            lock.unlock();
        }
        if (burst.isEmpty() && bookmarks && !ended) {
            addBookmark(burst, System.nanoTime() >= nextBookmarkNanos);
        }
        noteRevision(burst);
        return burst;
    }

    @Override
    public List<WatchEvent> lastBookmark() {
        List<WatchEvent> burst = new ArrayList<>(1);
        if (bookmarks && !initial.hasNext() && initialEnd == null) {
            addBookmark(burst, true);
        }
        return burst;
    }

    private List<WatchEvent> takeInitial() {
        List<WatchEvent> burst = new ArrayList<>();
        while (burst.size() < BURST && initial.hasNext()) {
            burst.add(initial.next());
        }
        if (!initial.hasNext() && initialEnd != null && burst.size() < BURST) {
            burst.add(initialEnd);
            initialEnd = null;
        }
        return burst;
    }

    private void addBookmark(List<WatchEvent> burst, boolean due) {
        if (!due) {
            return;
        }
        nextBookmarkNanos = System.nanoTime() + BOOKMARK_NANOS;
        // Read before looking at the queue: what is offered later is of a later revision.
        long fresh = freshness.getAsLong();
        lock.lock();
        try {
            if (queue.isEmpty()) {
                lastRevision = Math.max(lastRevision, fresh);
                burst.add(new WatchEvent.Bookmark(lastRevision, false));
            }
        } finally {
            lock.unlock();
        }
    }

    private void noteRevision(List<WatchEvent> burst) {
        if (!burst.isEmpty() && burst.getLast() instanceof WatchEvent.Change change) {
            lastRevision = Math.max(lastRevision, change.object().revision());
        }
    }

    @Override
    public boolean ended() {
        lock.lock();
        try {
            return ended && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
            queue.clear();
            arrived.signal();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }
}
