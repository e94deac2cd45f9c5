package io.jarnetes.etcd.storage.backend;

import java.util.concurrent.atomic.AtomicInteger;

/** A snapshot of the file that many views share; it closes with the last of them. */
final class FileRef {
    private final BackendFile.Reader reader;
    private final Runnable onClose;
    private final long number;
    private final AtomicInteger users = new AtomicInteger(1);

    FileRef(BackendFile.Reader reader, long number, Runnable onClose) {
        this.reader = reader;
        this.number = number;
        this.onClose = onClose;
    }

    BackendFile.Reader reader() {
        return reader;
    }

    /** Rises with each snapshot that a backend opens. */
    long number() {
        return number;
    }

    /** Joins the users; false when the last one has gone. */
    boolean acquire() {
        int now = users.get();
        while (now > 0) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
            now = users.get();
        }
        return false;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            reader.close();
            onClose.run();
        }
    }

    boolean closed() {
        return users.get() == 0;
    }
}
