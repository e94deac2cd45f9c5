package io.jarnetes.etcd.storage.backend;

import java.util.concurrent.atomic.AtomicInteger;

/** A file and its readers; it closes when it is retired and the last reader has gone. */
final class OpenFile {
    private final BackendFile file;
    private final AtomicInteger users = new AtomicInteger(1);

    OpenFile(BackendFile file) {
        this.file = file;
    }

    BackendFile file() {
        return file;
    }

    /** A snapshot of the last commit, for many to share. The caller is its first user. */
    FileRef snapshot(long number) {
        users.incrementAndGet();
        return new FileRef(file.reader(), number, this::retire);
    }

    /** One user less; the last one closes the file. */
    void retire() {
        if (users.decrementAndGet() == 0) {
            file.close();
        }
    }
}
