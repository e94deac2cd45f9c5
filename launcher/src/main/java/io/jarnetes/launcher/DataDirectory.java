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

    private final Path dir;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Properties remembered = new Properties();

    private DataDirectory(Path dir, FileChannel lockFile, FileLock lock) {
        this.dir = dir;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Opens a directory, made if it isn't there, and locks it.
     *
     * @throws UserException when it is in use, can't be written, or holds something else
     */
    static DataDirectory open(Path path) {
        Path dir = path.toAbsolutePath().normalize();
        refuseForeign(dir);
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
                            dir.resolve("jarnetes.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new UserException(
                        dir
                                + " is in use by a running jarnetes; stop that one, or choose another --data-dir");
            }
            DataDirectory directory = new DataDirectory(dir, channel, lock);
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
        if (!Files.isDirectory(dir) || Files.exists(dir.resolve("jarnetes.properties"))) {
            return;
        }
        try (Stream<Path> files = Files.list(dir)) {
            List<String> others =
                    files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> !name.equals("jarnetes.lock"))
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
        Path file = dir.resolve("jarnetes.properties");
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                remembered.load(in);
            }
        }
    }

    /** Fails unless the options fit what an earlier start made. */
    void check(UpOptions options) {
        String members = remembered.getProperty(MEMBERS);
        if (members == null) {
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
        remembered.setProperty(
                PEER_PORTS,
                String.join(",", ports.etcdPeers().stream().map(String::valueOf).toList()));
        remembered.putIfAbsent(IDENTITY, host + "_" + UUID.randomUUID());
        Path part = dir.resolve("jarnetes.properties.part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                remembered.store(out, "What a restart of this control plane keeps.");
            }
            Files.move(
                    part,
                    dir.resolve("jarnetes.properties"),
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
        Path file = dir.resolve("jarnetes.lock");
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
        return dir.resolve("logs");
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
