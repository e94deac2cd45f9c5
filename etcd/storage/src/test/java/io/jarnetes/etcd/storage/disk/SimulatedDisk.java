package io.jarnetes.etcd.storage.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that can crash. {@link #crash} gives the disk that a machine finds after a power
 * failure: all that was synced is there; of what was not, each write may be there, be missing, or
 * be there in some of its 512-byte sectors, in any order; of the names that were not synced in
 * their directory, the first few may be there.
 *
 * <p>{@link #crashAfter} makes the disk fail at the n-th change, so that a test can go through
 * every point at which a program writes. Deterministic: all that is random comes from the generator
 * that is handed in.
 */
public final class SimulatedDisk implements Disk {
    private final Directory root = new Directory();
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashed;
    private final Losses losses = new Losses();

    /** What the crash took from which this disk is what is left. */
    public static final class Losses {
        private int lost;
        private int torn;

        void ofWrite(int keptSectors, int lostSectors) {
            lost += lostSectors > 0 ? 1 : 0;
            torn += keptSectors > 0 && lostSectors > 0 ? 1 : 0;
        }

        /** Writes of which something is missing. */
        public int lost() {
            return lost;
        }

        /** Those of them of which something is there. */
        public int torn() {
            return torn;
        }
    }

    /** The power went: nothing more reaches this disk. */
    public static final class CrashException extends DiskException {
        private static final long serialVersionUID = 1L;

        CrashException(Path path) {
            super(path, "the simulated machine has crashed");
        }
    }

    /** A change of names in one directory, done as a whole or not at all. */
    private record NameChange(Map<String, @Nullable Object> changes) {}

    /** Files ({@link SimulatedFile.Inode}) and directories by name, as they are and on disk. */
    private static final class Directory {
        final TreeMap<String, Object> names = new TreeMap<>();
        final TreeMap<String, Object> durable = new TreeMap<>();
        final List<NameChange> pending = new ArrayList<>();

        void change(NameChange change) {
            apply(names, change);
            pending.add(change);
        }

        static void apply(Map<String, Object> names, NameChange change) {
            change.changes()
                    .forEach((name, node) -> {
                        if (node == null) {
                            names.remove(name);
                        } else {
                            names.put(name, node);
                        }
                    });
        }

        Directory afterCrash(RandomGenerator random, Losses losses) {
            int kept = random.nextInt(pending.size() + 1);
            pending.subList(0, kept).forEach(change -> apply(durable, change));
            Directory copy = new Directory();
            durable.forEach((name, node) -> {
                Object survivor =
                        switch (node) {
                            case Directory directory -> directory.afterCrash(random, losses);
                            case SimulatedFile.Inode inode -> inode.afterCrash(random, losses);
                            default -> throw new IllegalStateException();
                        };
                copy.names.put(name, survivor);
                copy.durable.put(name, survivor);
            });
            return copy;
        }
    }

    /** Makes this disk crash at the n-th change from now on: 0 is the next one. */
    public void crashAfter(long changes) {
        crashAt = operations + changes;
    }

    /** How many changes there were: writes, syncs, names. */
    public long operations() {
        return operations;
    }

    /** Whether {@link #crashAfter} was reached. */
    public boolean crashed() {
        return crashed;
    }

    /** What was lost when this disk was what a crash had left; nothing on a new one. */
    public Losses losses() {
        return losses;
    }

    /** Crashes now; returns what is found at the next start. */
    public SimulatedDisk crash(RandomGenerator random) {
        crashed = true;
        SimulatedDisk next = new SimulatedDisk();
        Directory survivor = root.afterCrash(random, next.losses);
        next.root.names.putAll(survivor.names);
        next.root.durable.putAll(survivor.durable);
        return next;
    }

    /** One more change; throws when it is the one that never comes about. */
    void step(Path path) {
        requireUp(path);
        if (operations++ >= crashAt) {
            crashed = true;
            throw new CrashException(path);
        }
    }

    void requireUp(Path path) {
        if (crashed) {
            throw new CrashException(path);
        }
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        requireUp(path);
        Directory parent = parentOf(path);
        String name = nameOf(path);
        Object node = parent == null ? null : parent.names.get(name);
        if (node instanceof Directory) {
            throw new DiskException(path, "is a directory");
        }
        boolean create = mode == OpenMode.CREATE || mode == OpenMode.CREATE_NEW;
        if (parent == null || node == null && !create) {
            throw new MissingFileException(path, "it was to be opened");
        }
        if (node != null && mode == OpenMode.CREATE_NEW) {
            throw new DiskException(path, "is there already");
        }
        if (node == null) {
            step(path);
            node = new SimulatedFile.Inode();
            parent.change(new NameChange(Map.of(name, node)));
        }
        return new SimulatedFile(this, path, (SimulatedFile.Inode) node, mode != OpenMode.READ);
    }

    @Override
    public boolean exists(Path path) {
        requireUp(path);
        Directory parent = parentOf(path);
        return parent != null && parent.names.containsKey(nameOf(path));
    }

    @Override
    public List<String> list(Path directory) {
        requireUp(directory);
        Directory found = directory(directory);
        return found == null ? List.of() : List.copyOf(found.names.keySet());
    }

    @Override
    public void createDirectories(Path directory) {
        requireUp(directory);
        Directory at = root;
        for (Path name : directory.toAbsolutePath().normalize()) {
            Object next = at.names.get(name.toString());
            if (next == null) {
                step(directory);
                next = new Directory();
                at.change(new NameChange(Map.of(name.toString(), next)));
            }
            if (!(next instanceof Directory below)) {
                throw new DiskException(directory, "is a file");
            }
            at = below;
        }
    }

    @Override
    public void rename(Path from, Path to) {
        step(from);
        Directory parent = parentOf(from);
        Object node = parent == null ? null : parent.names.get(nameOf(from));
        if (parent == null || node == null) {
            throw new MissingFileException(from, "it was to be renamed");
        }
        if (parentOf(to) != parent) {
            throw new DiskException(from, "a rename to another directory is not simulated");
        }
        Map<String, @Nullable Object> changes = new LinkedHashMap<>();
        changes.put(nameOf(from), null);
        changes.put(nameOf(to), node);
        parent.change(new NameChange(changes));
    }

    @Override
    public boolean delete(Path path) {
        requireUp(path);
        Directory parent = parentOf(path);
        Object node = parent == null ? null : parent.names.get(nameOf(path));
        if (parent == null || node == null) {
            return false;
        }
        if (node instanceof Directory directory && !directory.names.isEmpty()) {
            throw new DiskException(path, "is a directory that is not empty");
        }
        step(path);
        Map<String, @Nullable Object> changes = new LinkedHashMap<>();
        changes.put(nameOf(path), null);
        parent.change(new NameChange(changes));
        return true;
    }

    @Override
    public void syncDirectory(Path directory) {
        step(directory);
        Directory found = directory(directory);
        if (found == null) {
            throw new MissingFileException(directory, "it was to be synced");
        }
        found.durable.clear();
        found.durable.putAll(found.names);
        found.pending.clear();
    }

    private @Nullable Directory directory(Path path) {
        Directory at = root;
        for (Path name : path.toAbsolutePath().normalize()) {
            if (!(at.names.get(name.toString()) instanceof Directory below)) {
                return null;
            }
            at = below;
        }
        return at;
    }

    private @Nullable Directory parentOf(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent == null ? null : directory(parent);
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }
}
