package io.jarnetes.etcd.ctl.etcdutl;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.base.Invocation;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.log.ConsoleLog;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.ctl.command.Command;
import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code etcdutl migrate}: raises or lowers the storage version of a directory, 3.5 and 3.6. */
final class MigrateCommand {
    private static final Pattern VERSION = Pattern.compile("3\\.(\\d{1,3})");
    private static final int OLDEST = 5;
    private static final int NEWEST = 6;

    private final Log log;
    private final Path dataDir;
    private final int target;
    private final boolean force;

    private MigrateCommand(Log log, Path dataDir, int target, boolean force) {
        this.log = log;
        this.dataDir = dataDir;
        this.target = target;
        this.force = force;
    }

    static Command command(Invocation invocation) {
        Command command =
                new Command(
                        "migrate",
                        "Migrates schema of etcd data dir files to make them compatible with"
                                + " different etcd version");
        Settings.declare(command, invocation);
        Flag<String> dataDir =
                command.require(
                        command.flags().string("data-dir", "", "Path to the etcd data dir"));
        Flag<String> target =
                command.require(
                        command.flags()
                                .string(
                                        "target-version",
                                        "",
                                        "Target etcd version to migrate contents of data dir."
                                                + " Minimal value 3.5. Format \"X.Y\" for example"
                                                + " 3.6."));
        Flag<Boolean> force =
                command.flags()
                        .bool(
                                "force",
                                false,
                                "Ignore migration failure and forcefully override storage version."
                                        + " Not recommended.");
        return command.does(args -> {
            Log log = new ConsoleLog(invocation.err(), "etcdutl/migrate_command.go:1");
            int minor = minor(target.get());
            EtcdutlProgram.onDisk(() ->
                    new MigrateCommand(log, Path.of(dataDir.get()), minor, force.get()).run());
        });
    }

    private static int minor(String target) {
        if (target.chars().filter(c -> c == '.').count() != 1) {
            throw new ExitException(
                    ExitException.BAD_ARGS,
                    "wrong target version format, expected \"X.Y\", got \"" + target + "\"");
        }
        Matcher matcher = VERSION.matcher(target);
        if (!matcher.matches()) {
            throw new ExitException(
                    ExitException.BAD_ARGS,
                    "failed to parse target version: " + target + " is none of etcd 3");
        }
        int minor = Integer.parseInt(matcher.group(1));
        if (minor < OLDEST) {
            throw new ExitException(
                    ExitException.BAD_ARGS,
                    "target version \"3." + minor + "\" not supported. Minimal \"3.5\"");
        }
        return minor;
    }

    private void run() {
        Path db = EtcdutlProgram.database(dataDir.toString());
        if (!Files.exists(db)) {
            throw new ExitException(
                    ExitException.ERROR, "stat " + db + ": no such file or directory");
        }
        Disk disk = Disk.real();
        try (Backend backend =
                Backend.open(disk, db, Options.DEFAULTS, BackendOptions.defaults())) {
            int current = current(backend);
            if (current == target) {
                log.info("storage version up-to-date", "storage-version", "3." + current);
                return;
            }
            String refusal = refusal(disk);
            if (refusal != null && !force) {
                throw new ExitException(ExitException.ERROR, refusal);
            }
            if (refusal != null) {
                log.info("normal migrate failed, trying with force", "error", refusal);
            }
            write(backend);
            backend.commit();
        }
    }

    private int current(Backend backend) {
        byte[] stored = backend.get(Bucket.META, Meta.key(Meta.STORAGE_VERSION));
        if (stored != null) {
            Matcher matcher =
                    Pattern.compile("3\\.(\\d{1,3})\\..*")
                            .matcher(new String(stored, StandardCharsets.US_ASCII));
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : OLDEST;
        }
        if (backend.consistentTerm() == 0) {
            log.error(
                    "failed to detect storage version. Please make sure you are using data dir"
                            + " from etcd v3.5 and older");
            throw new ExitException(ExitException.ERROR, "missing term information");
        }
        return OLDEST;
    }

    /** Why the directory can't be brought there, or null. */
    private @Nullable String refusal(Disk disk) {
        if (target > NEWEST) {
            return "cannot create migration plan: version \"3."
                    + (NEWEST + 1)
                    + ".0\" is not supported";
        }
        if (target == OLDEST && entries(disk).stream().anyMatch(MigrateCommand::of36)) {
            return "cannot downgrade storage, WAL contains newer entries, as the target version"
                    + " (3.5.0) is lower than the version (3.6.0) detected from WAL logs";
        }
        return null;
    }

    private List<Entry> entries(Disk disk) {
        Path wal = dataDir.resolve("member/wal");
        List<WalSnapshot> known = Wal.validSnapshots(disk, wal);
        long index =
                new Snapshotter(disk, dataDir.resolve("member/snap"))
                        .loadNewestAvailable(known)
                        .map(snapshot -> snapshot.metadata().index())
                        .orElse(0L);
        WalSnapshot from =
                known.stream()
                        .filter(snapshot -> snapshot.index() == index)
                        .findFirst()
                        .orElse(WalSnapshot.BEGINNING);
        return Wal.read(disk, wal, from).entries();
    }

    /** The one kind of entry that 3.6 brought: it tests whether members may be downgraded. */
    private static boolean of36(Entry entry) {
        if (entry.type() != EntryType.NORMAL) {
            return false;
        }
        try {
            return InternalRaftRequest.parseFrom(entry.data()).hasDowngradeVersionTest();
        } catch (InvalidProtocolBufferException _) {
            // An entry of the v2 store.
            return false;
        }
    }

    private void write(Backend backend) {
        byte[] key = Meta.key(Meta.STORAGE_VERSION);
        if (target == OLDEST) {
            backend.delete(Bucket.META, key);
        } else {
            backend.put(Bucket.META, key, Meta.key("3." + target + ".0"));
        }
        log.info("updated storage version", "new-storage-version", "3." + target + ".0");
    }
}
