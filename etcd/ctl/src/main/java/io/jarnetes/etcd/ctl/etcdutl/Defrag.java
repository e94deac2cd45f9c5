package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.log.ConsoleLog;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.FileLockedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Rewrites a db without its free pages; waits for whoever has it open, as upstream. */
final class Defrag {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Invocation invocation;
    private final Log log;

    Defrag(Invocation invocation) {
        this.invocation = invocation;
        this.log = new ConsoleLog(invocation.err(), "backend/backend.go:1");
    }

    void run(String dataDir) {
        Path file = EtcdutlProgram.database(dataDir);
        if (!Files.exists(file)) {
            throw failed(dataDir, "stat " + file + ": no such file or directory", null);
        }
        try (Backend backend = open(file)) {
            long size = backend.size();
            long inUse = backend.sizeInUse();
            log.info(
                    "defragmenting",
                    "path",
                    file,
                    "current-db-size-bytes",
                    size,
                    "current-db-size",
                    Humanize.bytes(size),
                    "current-db-size-in-use-bytes",
                    inUse,
                    "current-db-size-in-use",
                    Humanize.bytes(inUse));
            long began = System.nanoTime();
            backend.defrag();
            log.info(
                    "finished defragmenting directory",
                    "path",
                    file,
                    "current-db-size-bytes-diff",
                    backend.size() - size,
                    "current-db-size-bytes",
                    backend.size(),
                    "current-db-size",
                    Humanize.bytes(backend.size()),
                    "current-db-size-in-use-bytes-diff",
                    backend.sizeInUse() - inUse,
                    "current-db-size-in-use-bytes",
                    backend.sizeInUse(),
                    "current-db-size-in-use",
                    Humanize.bytes(backend.sizeInUse()),
                    "took",
                    Duration.ofNanos(System.nanoTime() - began));
        } catch (DiskException e) {
            throw failed(dataDir, String.valueOf(e.getMessage()), e);
        }
    }

    private Backend open(Path file) {
        boolean said = false;
        while (true) {
            try {
                return Backend.open(
                        Disk.real(),
                        file,
                        Options.DEFAULTS.withLockTimeout(PATIENCE),
                        BackendOptions.defaults());
            } catch (FileLockedException e) {
                if (invocation.stop().isDone()) {
                    throw e;
                }
                if (!said) {
                    invocation
                            .err()
                            .println(
                                    "waiting for etcd to close and release its lock on \""
                                            + file
                                            + "\". To defrag a running etcd instance, use `etcdctl"
                                            + " defrag` instead.");
                    said = true;
                }
            }
        }
    }

    private static ExitException failed(
            String dataDir, String why, @org.jspecify.annotations.Nullable Exception cause) {
        String message = "Failed to defragment etcd data[" + dataDir + "] (" + why + ")";
        return cause == null
                ? new ExitException(ExitException.ERROR, message)
                : new ExitException(ExitException.ERROR, message, cause);
    }
}
