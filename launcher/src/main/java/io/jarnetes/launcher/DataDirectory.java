package io.jarnetes.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one control plane, locked while it runs: {@code etcd-N}, {@code pki}, {@code
 * logs}, {@code jarnetes.env}, and {@code jarnetes.properties}, which remembers what a restart has
 * to keep: the members, their peers' ports, and the identity that holds the leader leases.
 */
final class DataDirectory implements AutoCloseable {

    private static final String MEMBERS = "members";
    private static final String PEER_PORTS = "etcd-peer-ports";
    private static final String IDENTITY = "lease-identity";
    private static final String INSECURE = "insecure-etcd";
    private static final String LOCK = "jarnetes.lock";
    private static final String PROPERTIES = "jarnetes.properties";
    private static final String LOGS = "logs";

    /** What a member of etcd takes of a disk when it starts: the first segment of its log. */
    private static final long MEMBER_BYTES = 64_000_000;

    /** What all the rest takes when it starts. */
    private static final long REST_BYTES = 4_000_000;

    private final Path dir;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final boolean made;
    private final Properties remembered = new Properties();
    private boolean fresh = true;

    private DataDirectory(Path dir, FileChannel lockFile, FileLock lock, boolean made) {
        this.dir = dir;
        this.lockFile = lockFile;
        this.lock = lock;
        this.made = made;
    }

    /**
     * Opens a directory, made if it isn't there, and locks it.
     *
     * @throws UserException when it is in use, can't be written, or holds something else
     */
    static DataDirectory open(Path path) {
        Path dir = path.toAbsolutePath().normalize();
        refuseForeign(dir);
        boolean made = !Files.exists(dir);
        try {
            Files.createDirectories(dir);
        } catch (FileAlreadyExistsException e) {
            throw new UserException(dir + " is a file; --data-dir wants a directory", e);
        } catch (IOException e) {
            throw new UserException("the data directory can't be made: " + Sentence.of(e), e);
        }
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new UserException(
                        dir
                                + " is in use by a running jarnetes; stop that one, or choose another --data-dir");
            }
            DataDirectory directory = new DataDirectory(dir, channel, lock, made);
            directory.recall();
            return directory;
        } catch (IOException e) {
            throw new UserException("the data directory can't be used: " + Sentence.of(e), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another control plane of this very process.
            return null;
        }
    }

    /** A directory with other things in it is not taken over. */
    private static void refuseForeign(Path dir) {
        if (!Files.isDirectory(dir) || Files.exists(dir.resolve(PROPERTIES))) {
            return;
        }
        try (Stream<Path> files = Files.list(dir)) {
            List<String> others =
                    files.map(file -> String.valueOf(file.getFileName()))
                            // A first start that failed leaves its logs.
                            .filter(name -> !name.equals(LOCK) && !name.equals(LOGS))
                            .sorted()
                            .toList();
            if (!others.isEmpty()) {
                throw new UserException(
                        "%s holds %s and no jarnetes.properties: it is not a data directory of jarnetes; choose another --data-dir"
                                .formatted(dir, others.get(0)));
            }
        } catch (IOException e) {
            throw new UserException("the data directory can't be read: " + Sentence.of(e), e);
        }
    }

    private void recall() throws IOException {
        Path file = dir.resolve(PROPERTIES);
        if (Files.exists(file)) {
            fresh = false;
            try (var in = Files.newInputStream(file)) {
                remembered.load(in);
            }
        }
    }

    /** Fails unless the options fit what an earlier start made. */
    void check(UpOptions options) {
        String members = remembered.getProperty(MEMBERS);
        if (members == null) {
            checkSpace(options.members());
            return;
        }
        if (Integer.parseInt(members) != options.members()) {
            throw new UserException(
                    "%s holds a cluster of %s members, and --members is %d; change members with etcdctl, or choose another --data-dir"
                            .formatted(dir, members, options.members()));
        }
        boolean insecure = Boolean.parseBoolean(remembered.getProperty(INSECURE));
        if (insecure != options.insecureEtcd()) {
            throw new UserException(
                    "%s holds a cluster whose etcd members speak %s; start it %s --insecure-etcd, or choose another --data-dir"
                            .formatted(
                                    dir,
                                    insecure ? "plain HTTP" : "TLS",
                                    insecure ? "with" : "without"));
        }
        List<Integer> asked = options.etcdPeerPorts();
        if (!asked.isEmpty()
                && !asked.equals(UpOptions.ETCD_PEER_PORTS)
                && !asked.equals(peerPorts())) {
            throw new UserException(
                    "%s holds a cluster whose members keep the peer ports %s, and --etcd-peer-ports is %s; leave the flag out, or choose another --data-dir"
                            .formatted(dir, commas(peerPorts()), commas(asked)));
        }
    }

    private static String commas(List<Integer> ports) {
        return String.join(",", ports.stream().map(String::valueOf).toList());
    }

    private void checkSpace(int members) {
        long needed = members * MEMBER_BYTES + REST_BYTES;
        try {
            long free = Files.getFileStore(dir).getUsableSpace();
            if (free < needed) {
                throw new UserException(
                        "the disk of %s is full: %d MB are free, and %d members of etcd need %d MB to start; make room, or choose another --data-dir"
                                .formatted(dir, free / 1_000_000, members, needed / 1_000_000));
            }
        } catch (IOException e) {
            throw new UserException("the data directory can't be used: " + Sentence.of(e), e);
        }
    }

    /**
     * After a first start that failed: removes what it made, so that nothing half-made stays; the
     * logs stay where a component has written one. What an earlier start made is never touched.
     */
    void discard() {
        if (!fresh) {
            return;
        }
        try {
            for (Path entry : entries()) {
                String name = String.valueOf(entry.getFileName());
                if (!name.equals(LOGS) && !name.equals(LOCK)) {
                    delete(entry);
                }
            }
            if (!Files.exists(logs())) {
                Files.deleteIfExists(dir.resolve(LOCK));
                if (made) {
                    Files.deleteIfExists(dir);
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    "what was made in " + dir + " can't be removed: " + Sentence.of(e), e);
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.toList();
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The peers' ports of an earlier start; empty at the first. */
    List<Integer> peerPorts() {
        List<Integer> ports = new ArrayList<>();
        for (String port : remembered.getProperty(PEER_PORTS, "").split(",")) {
            if (!port.isEmpty()) {
                ports.add(Integer.valueOf(port));
            }
        }
        return ports;
    }

    /** What holds the leader leases, the same after a restart, so that it renews its own. */
    String identity() {
        return remembered.getProperty(IDENTITY, "");
    }

    /** Writes down what a restart has to keep. */
    void remember(UpOptions options, Ports ports, String host) {
        remembered.setProperty(MEMBERS, String.valueOf(options.members()));
        remembered.setProperty(INSECURE, String.valueOf(options.insecureEtcd()));
        remembered.setProperty(PEER_PORTS, commas(ports.etcdPeers()));
        remembered.putIfAbsent(IDENTITY, host + "_" + UUID.randomUUID());
        Path part = dir.resolve(PROPERTIES + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                remembered.store(out, "What a restart of this control plane keeps.");
            }
            Files.move(
                    part,
                    dir.resolve(PROPERTIES),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserException("the data directory can't be written: " + Sentence.of(e), e);
        }
    }

    /** Writes {@code jarnetes.env}, readable by the owner alone. */
    void writeEnv(String text) {
        Path file = envFile(dir);
        Path part = dir.resolve("jarnetes.env.part");
        try {
            Files.deleteIfExists(part);
            Files.createFile(
                    part,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, text);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException(file + " can't be written: " + Sentence.of(e), e);
        }
    }

    void removeEnv() {
        try {
            Files.deleteIfExists(envFile(dir));
        } catch (IOException e) {
            throw new UserException(envFile(dir) + " can't be removed: " + Sentence.of(e), e);
        }
    }

    static Path envFile(Path dir) {
        return dir.resolve("jarnetes.env");
    }

    /** Whether a running control plane holds the directory. */
    static boolean inUse(Path dir) {
        Path file = dir.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                return true;
            }
            lock.release();
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    Path path() {
        return dir;
    }

    Path pki() {
        return dir.resolve("pki");
    }

    Path logs() {
        return dir.resolve(LOGS);
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock of " + dir + " can't be released", e);
        }
    }
}
