package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A log that is open for appending. */
public final class Wal implements AutoCloseable {
    private final Segments segments;
    private final WalOptions options;
    private final byte[] metadata;
    private final RecordWriter writer;
    private HardState state;
    private long lastIndex;
    private boolean failed;

    private Wal(
            Segments segments,
            WalOptions options,
            byte[] metadata,
            RecordWriter writer,
            HardState state,
            long lastIndex) {
        this.segments = segments;
        this.options = options;
        this.metadata = metadata;
        this.writer = writer;
        this.state = state;
        this.lastIndex = lastIndex;
    }

    /**
     * A log that was read and is open for appending.
     *
     * @param wal ready for {@link Wal#save}
     * @param contents what it held after the snapshot
     */
    public record Opened(Wal wal, WalContents contents) {}

    /** Whether there is a log in the directory. */
    public static boolean exists(Disk disk, Path directory) {
        return !SegmentName.list(disk, directory).isEmpty();
    }

    /** Makes a log that starts at entry 1; the directory must not hold one. */
    public static Wal create(Disk disk, Path directory, byte[] metadata, WalOptions options) {
        if (exists(disk, directory)) {
            throw new DiskException(directory, "there is a log already, it will not be replaced");
        }
        // The log appears with its first records or not at all: made aside, then renamed.
        Path aside = directory.resolveSibling(directory.getFileName() + ".tmp");
        disk.deleteDirectory(aside);
        disk.createDirectories(aside);
        SegmentName name = new SegmentName(0, 0);
        DiskFile file = Segments.create(disk, aside.resolve(name.fileName()), options);
        try {
            RecordWriter writer = new RecordWriter(file, 0, 0);
            writer.addCrc();
            writer.add(Frame.METADATA, metadata);
            writer.add(Frame.SNAPSHOT, Codec.encode(WalSnapshot.BEGINNING));
            writer.flush(options.segmentBytes());
            Segments.sync(file, options);
            disk.syncDirectory(aside);
            disk.delete(directory);
            disk.rename(aside, directory);
            disk.syncDirectory(directory.toAbsolutePath().resolveSibling(""));
            Segments segments = new Segments(disk, directory, options);
            segments.add(name, file);
            return new Wal(segments, options, metadata.clone(), writer, HardState.EMPTY, 0);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Opens a log for appending, locks its segments, reads all that follows a snapshot, and cuts
     * off a torn tail.
     *
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException for any damage but a torn tail
     * @throws io.jarnetes.etcd.storage.disk.FileLockedException when another member has it
     * @throws io.jarnetes.etcd.storage.disk.MissingFileException when no segment holds the snapshot
     */
    public static Opened open(Disk disk, Path directory, WalSnapshot snapshot, WalOptions options) {
        Segments segments = new Segments(disk, directory, options);
        try {
            segments.openFrom(snapshot.index());
            WalReader reader = new WalReader(segments.files(), snapshot).run();
            WalContents contents = reader.contents();
            // Also without a torn tail there may be whole sectors of a lost write behind the end:
            // new records must not meet them.
            segments.clearTail(reader.end(), reader.torn());
            RecordWriter writer = new RecordWriter(segments.tail(), reader.end(), reader.crc());
            Wal wal =
                    new Wal(
                            segments,
                            options,
                            contents.metadata(),
                            writer,
                            contents.hardState(),
                            Math.max(reader.lastIndex(), snapshot.index()));
            return new Opened(wal, contents);
        } catch (RuntimeException e) {
            segments.close();
            throw e;
        }
    }

    /** Reads a log without lock and without changing anything, for tools. */
    public static WalContents read(Disk disk, Path directory, WalSnapshot snapshot) {
        return reading(disk, directory, snapshot.index(), snapshot).contents();
    }

    private static WalReader reading(
            Disk disk, Path directory, long firstIndex, WalSnapshot snapshot) {
        List<DiskFile> files = new ArrayList<>();
        try {
            for (SegmentName name : SegmentName.from(disk, directory, firstIndex)) {
                files.add(disk.open(directory.resolve(name.fileName()), OpenMode.READ));
            }
            return new WalReader(files, snapshot).run();
        } finally {
            files.forEach(DiskFile::close);
        }
    }

    /**
     * The snapshot records that are covered by the last hard state's commit, oldest first: only
     * these may be started from.
     */
    public static List<WalSnapshot> validSnapshots(Disk disk, Path directory) {
        List<SegmentName> names = SegmentName.list(disk, directory);
        // Old segments are deleted from the front: begin at the first one that is left. Entries are
        // of no matter here, so none is kept.
        long first = names.isEmpty() ? 0 : names.getFirst().index();
        List<WalSnapshot> all = new ArrayList<>();
        WalReader reader =
                reading(disk, directory, first, new WalSnapshot(Long.MAX_VALUE, 0, null));
        for (WalSnapshot snapshot : reader.snapshots()) {
            if (snapshot.index() <= reader.hardState().commit()) {
                all.add(snapshot);
            }
        }
        return List.copyOf(all);
    }

    /**
     * Appends the entries, then the hard state unless it is empty; synced when there are entries,
     * or term or vote changed. Starts the next segment when this one has passed its size. A batch
     * of many proposals is one call: group commit is the caller's.
     */
    public void save(HardState hardState, List<Entry> entries) {
        if (hardState.isEmpty() && entries.isEmpty()) {
            return;
        }
        boolean mustSync =
                !entries.isEmpty()
                        || !hardState.isEmpty()
                                && (hardState.term() != state.term()
                                        || hardState.vote() != state.vote());
        attempt(() -> {
            entries.forEach(writer::add);
            if (!entries.isEmpty()) {
                lastIndex = entries.getLast().index();
            }
            if (!hardState.isEmpty()) {
                state = hardState;
                writer.add(hardState);
            }
            flush(mustSync);
        });
    }

    private void flush(boolean mustSync) {
        writer.flush(options.segmentBytes());
        if (writer.end() >= options.segmentBytes()) {
            cut();
        } else if (mustSync) {
            Segments.sync(segments.tail(), options);
        }
    }

    private void cut() {
        DiskFile full = segments.tail();
        full.truncate(writer.end());
        Segments.sync(full, options);
        DiskFile next = segments.newSpare();
        try {
            writer.moveTo(next);
            writer.addCrc();
            writer.add(Frame.METADATA, metadata);
            if (!state.isEmpty()) {
                writer.add(state);
            }
            writer.flush(options.segmentBytes());
            Segments.sync(next, options);
        } catch (RuntimeException e) {
            next.close();
            throw e;
        }
        segments.addSpare(next, lastIndex + 1);
    }

    /** Records a snapshot, and syncs. */
    public void saveSnapshot(WalSnapshot snapshot) {
        if (snapshot.index() > 0 && snapshot.confState() == null) {
            throw new IllegalArgumentException(
                    "a snapshot record after the first needs a ConfState");
        }
        attempt(() -> {
            writer.add(Frame.SNAPSHOT, Codec.encode(snapshot));
            // Entries before the snapshot may never have been in this log.
            lastIndex = Math.max(lastIndex, snapshot.index());
            writer.flush(options.segmentBytes());
            Segments.sync(segments.tail(), options);
        });
    }

    /** Syncs what was appended without need for it (a changed commit index). */
    public void sync() {
        attempt(() -> Segments.sync(segments.tail(), options));
    }

    private void attempt(Runnable step) {
        if (failed) {
            throw new DiskException(
                    segments.directory(), "an append failed before; restart the member");
        }
        // What a failed write or sync left on disk is unknown: never go on behind it.
        failed = true;
        step.run();
        failed = false;
    }

    /** Lets the locks of segments go that hold only entries before {@code index}. */
    public void releaseLockTo(long index) {
        segments.releaseTo(index);
    }

    /**
     * Deletes released segments, oldest first, until {@code keep} segments are left or the next one
     * is still locked.
     *
     * @return the names that were deleted
     */
    public List<String> purge(int keep) {
        return segments.purge(keep);
    }

    /** Syncs and closes. */
    @Override
    public void close() {
        try {
            if (!failed) {
                sync();
            }
        } finally {
            segments.close();
        }
    }
}
