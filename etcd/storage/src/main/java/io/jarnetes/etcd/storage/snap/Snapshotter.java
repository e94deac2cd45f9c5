package io.jarnetes.etcd.storage.snap;

import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.OpenMode;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code .snap} and {@code .snap.db} files of {@code member/snap}. */
public final class Snapshotter {
    private static final String SNAP = ".snap";
    private static final Pattern DATABASE = Pattern.compile("([0-9a-f]{1,16})\\.snap\\.db");
    private static final long LARGEST_FILE_BYTES = 1L << 30;
    // Up to here memory is no matter.
    private static final long SMALL_FILE_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Consumer<CorruptFileException> onBroken;

    /** Works in {@code directory}, which must exist. */
    public Snapshotter(Disk disk, Path directory) {
        this(disk, directory, _ -> {});
    }

    /**
     * Works in {@code directory}, which must exist.
     *
     * @param onBroken told of each damaged file that was put aside, for the log of the member
     */
    public Snapshotter(Disk disk, Path directory, Consumer<CorruptFileException> onBroken) {
        this.disk = disk;
        this.directory = directory;
        this.onBroken = onBroken;
    }

    /** Writes {@code <term>-<index>.snap}, durably; an empty snapshot is not written. */
    public void save(Snapshot snapshot) {
        if (snapshot.isEmpty()) {
            return;
        }
        String name =
                "%016x-%016x".formatted(snapshot.metadata().term(), snapshot.metadata().index());
        Path aside = directory.resolve("tmp." + name);
        disk.delete(aside);
        try (DiskFile file = disk.open(aside, OpenMode.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(SnapFile.encode(snapshot)), 0);
            file.sync();
        }
        disk.rename(aside, directory.resolve(name + SNAP));
        disk.syncDirectory(directory);
    }

    /** The newest snapshot that is sound; a damaged one is renamed to {@code .broken}. */
    public Optional<Snapshot> load() {
        return newest(_ -> true);
    }

    /** The newest sound snapshot of which the log has a record ({@code Wal.validSnapshots}). */
    public Optional<Snapshot> loadNewestAvailable(List<WalSnapshot> walSnapshots) {
        return newest(snapshot ->
                walSnapshots.stream()
                        .anyMatch(known ->
                                known.index() == snapshot.metadata().index()
                                        && known.term() == snapshot.metadata().term()));
    }

    private Optional<Snapshot> newest(Predicate<Snapshot> wanted) {
        for (String name : names()) {
            Path path = directory.resolve(name);
            try {
                Snapshot snapshot = read(disk, path);
                if (wanted.test(snapshot)) {
                    return Optional.of(snapshot);
                }
            } catch (CorruptFileException e) {
                disk.rename(path, directory.resolve(name + ".broken"));
                disk.syncDirectory(directory);
                onBroken.accept(e);
            }
        }
        return Optional.empty();
    }

    /** Newest first: term and index have all their digits in the name. */
    private List<String> names() {
        return disk.list(directory).stream()
                .filter(name -> name.endsWith(SNAP))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /**
     * Reads one file.
     *
     * @throws CorruptFileException when it is not a sound snapshot
     */
    public static Snapshot read(Disk disk, Path path) {
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            long size = file.size();
            if (size > LARGEST_FILE_BYTES) {
                throw new CorruptFileException(
                        path,
                        LARGEST_FILE_BYTES,
                        "a snapshot of " + size + " bytes",
                        SnapFile.ADVICE);
            }
            if (size > SMALL_FILE_BYTES) {
                SnapFile.requireSound(file);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            file.read(bytes, 0);
            return SnapFile.decode(path, bytes.flip());
        }
    }

    /** The database that came with the snapshot at {@code index}: {@code <index>.snap.db}. */
    public Path databasePath(long index) {
        return directory.resolve("%016x.snap.db".formatted(index));
    }

    /** Where a database is received before its rename: {@code tmp<number>}. */
    public Path temporaryPath(long number) {
        return directory.resolve("tmp" + number);
    }

    /**
     * Gives a received database, which was written and synced, its final name; one that is there
     * already stays.
     */
    public void publishDatabase(Path temporary, long index) {
        Path path = databasePath(index);
        if (disk.exists(path)) {
            disk.delete(temporary);
        } else {
            disk.rename(temporary, path);
        }
        disk.syncDirectory(directory);
    }

    /**
     * Deletes received databases older than {@code index}.
     *
     * @return the names that were deleted
     */
    public List<String> releaseDatabases(long index) {
        return deleteAll(name -> {
            Matcher database = DATABASE.matcher(name);
            return database.matches()
                    && Long.compareUnsigned(Long.parseUnsignedLong(database.group(1), 16), index)
                            < 0;
        });
    }

    /**
     * Deletes what crashes left behind: databases that were not received whole, files that wait for
     * their final name. Only at start, for a file that is being received looks the same.
     *
     * @return the names that were deleted
     */
    public List<String> deleteLeftOvers() {
        return deleteAll(name -> name.startsWith("db.tmp") || name.startsWith("tmp"));
    }

    private List<String> deleteAll(Predicate<String> unwanted) {
        List<String> deleted = disk.list(directory).stream().filter(unwanted).toList();
        deleted.forEach(name -> disk.delete(directory.resolve(name)));
        return deleted;
    }

    /**
     * Deletes the oldest {@code .snap} files until {@code keep} are left. The one at {@code index}
     * stays, whatever the others are called: a crash may have left files of snapshots that the log
     * never heard of, which sort behind it and cannot be started from.
     *
     * @param index of the snapshot that the member would start from now
     * @return the names that were deleted
     */
    public List<String> purge(int keep, long index) {
        String present = "-%016x%s".formatted(index, SNAP);
        List<String> others = names().stream().filter(name -> !name.endsWith(present)).toList();
        List<String> old = others.subList(Math.min(keep - 1, others.size()), others.size());
        old.forEach(name -> disk.delete(directory.resolve(name)));
        return List.copyOf(old);
    }
}
