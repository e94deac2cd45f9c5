package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalContents;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Walks every page of a db, every revision in it, and in a data directory the log and the snapshots
 * too. Nothing is changed.
 */
final class Check {
    private static final Options READ = Options.DEFAULTS.withReadOnly(true);

    private final Disk disk = Disk.real();
    private final Invocation invocation;
    private final List<String> problems = new ArrayList<>();

    private Check(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * @throws ExitException when anything is found, after all of it was printed
     */
    static void run(Invocation invocation, String dataDir, String walDir, List<String> args) {
        if (dataDir.isEmpty() == args.isEmpty() || args.size() > 1) {
            throw new ExitException(
                    ExitException.BAD_ARGS, "check requires exactly one file, or --data-dir");
        }
        Check check = new Check(invocation);
        if (args.isEmpty()) {
            Path data = Path.of(dataDir);
            check.directory(data, walDir.isEmpty() ? data.resolve("member/wal") : Path.of(walDir));
        } else {
            check.database(EtcdutlProgram.existing(args.getFirst()));
        }
        check.report(args.isEmpty() ? dataDir : args.getFirst());
    }

    private void report(String what) {
        problems.forEach(invocation.out()::println);
        if (!problems.isEmpty()) {
            throw new ExitException(
                    ExitException.ERROR, what + " is not sound: " + problems.size() + " problems");
        }
        invocation.out().println(what + " is sound");
    }

    private void directory(Path dataDir, Path walDir) {
        Path db = dataDir.resolve("member/snap/db");
        if (!Files.exists(db)) {
            throw new ExitException(
                    ExitException.ERROR, "stat " + db + ": no such file or directory");
        }
        long applied = database(db);
        guarded(() -> snapshots(db.resolveSibling("")));
        guarded(() -> log(walDir, applied));
    }

    /** Returns the index of the last entry that the db holds. */
    private long database(Path file) {
        long[] applied = new long[1];
        guarded(() -> {
            try (Db db = Db.open(disk, file, READ)) {
                problems.addAll(db.check());
            }
            // What is not sound as a file can't be read as a store.
            if (problems.isEmpty()) {
                applied[0] = store(file);
            }
        });
        return applied[0];
    }

    private long store(Path file) {
        try (Backend backend = Backend.open(disk, file, READ, BackendOptions.defaults())) {
            Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
            problems.addAll(store.check());
            return backend.consistentIndex();
        } catch (IllegalStateException e) {
            problems.add(file + ": " + e.getMessage());
            return 0;
        }
    }

    private void snapshots(Path folder) {
        for (String name : disk.list(folder)) {
            if (name.endsWith(".snap")) {
                guarded(() -> Snapshotter.read(disk, folder.resolve(name)));
            }
        }
    }

    private void log(Path folder, long applied) {
        if (!Wal.exists(disk, folder)) {
            problems.add(folder + ": no log is there; --wal-dir names another folder");
            return;
        }
        WalSnapshot newest =
                Wal.validSnapshots(disk, folder).stream()
                        .max(Comparator.comparingLong(WalSnapshot::index))
                        .orElse(WalSnapshot.BEGINNING);
        WalContents contents = Wal.read(disk, folder, newest);
        long last =
                contents.entries().isEmpty()
                        ? newest.index()
                        : contents.entries().getLast().index();
        if (applied > last) {
            problems.add(
                    folder
                            + ": ends at entry "
                            + last
                            + ", and the db holds entries up to "
                            + applied);
        }
    }

    private void guarded(Runnable check) {
        try {
            check.run();
        } catch (CorruptFileException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }
}
