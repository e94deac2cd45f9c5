package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.Flags;
import io.jarnetes.base.log.ConsoleLog;
import io.jarnetes.etcd.ctl.command.Command;
import io.jarnetes.etcd.ctl.command.ExitException;
import java.nio.file.Path;
import java.util.List;

/** {@code etcdutl snapshot restore}: its flags. */
final class SnapshotRestoreCommand {
    private static final String DEFAULT_NAME = "default";
    private static final String DEFAULT_URL = "http://localhost:2380";
    private static final long MAP_BYTES = 10L << 30;

    private final Flag<String> dataDir;
    private final Flag<String> walDir;
    private final Flag<String> cluster;
    private final Flag<String> token;
    private final Flag<String> peerUrls;
    private final Flag<String> name;
    private final Flag<Boolean> skipHashCheck;
    private final Flag<Long> mapBytes;
    private final Flag<Long> bumpRevision;
    private final Flag<Boolean> markCompacted;

    private SnapshotRestoreCommand(Flags flags) {
        dataDir = flags.string("data-dir", "", "Path to the output data directory");
        walDir =
                flags.string(
                        "wal-dir", "", "Path to the WAL directory (use --data-dir if none given)");
        cluster =
                flags.string(
                        "initial-cluster",
                        DEFAULT_NAME + "=" + DEFAULT_URL,
                        "Initial cluster configuration for restore bootstrap");
        token =
                flags.string(
                        "initial-cluster-token",
                        "etcd-cluster",
                        "Initial cluster token for the etcd cluster during restore bootstrap");
        peerUrls =
                flags.string(
                        "initial-advertise-peer-urls",
                        DEFAULT_URL,
                        "List of this member's peer URLs to advertise to the rest of the cluster");
        name = flags.string("name", DEFAULT_NAME, "Human-readable name for this member");
        skipHashCheck =
                flags.bool(
                        "skip-hash-check",
                        false,
                        "Ignore snapshot integrity hash value (required if copied from data"
                                + " directory)");
        mapBytes =
                flags.unsigned(
                        "initial-memory-map-size",
                        MAP_BYTES,
                        "Initial memory map size of the database in bytes. It uses the default"
                                + " value if not defined or defined to 0");
        bumpRevision =
                flags.unsigned(
                        "bump-revision",
                        0,
                        "How much to increase the latest revision after restore");
        markCompacted =
                flags.bool(
                        "mark-compacted",
                        false,
                        "Mark the latest revision after restore as the point of scheduled"
                                + " compaction (required if --bump-revision > 0, disallowed"
                                + " otherwise)");
    }

    static Command command(Invocation invocation) {
        Command command =
                new Command(
                        "restore <filename> --data-dir {output dir} [options]",
                        "Restores an etcd member snapshot to an etcd directory");
        Settings.declare(command, invocation);
        SnapshotRestoreCommand restore = new SnapshotRestoreCommand(command.flags());
        return command.does(args -> restore.run(invocation, args));
    }

    private void run(Invocation invocation, List<String> args) {
        String file = EtcdutlProgram.only(args, "snapshot restore");
        boolean bump = bumpRevision.get() != 0;
        if (bump != markCompacted.get()) {
            throw new ExitException(
                    ExitException.BAD_ARGS, "--mark-compacted required if --revision-bump > 0");
        }
        Path out = Path.of(dataDir.get().isEmpty() ? name.get() + ".etcd" : dataDir.get());
        RestorePlan plan =
                new RestorePlan(
                        Path.of(file),
                        name.get(),
                        out,
                        walDir.get().isEmpty()
                                ? out.resolve("member").resolve("wal")
                                : Path.of(walDir.get()),
                        !walDir.get().isEmpty(),
                        PeerUrls.parse(List.of(peerUrls.get().split(",", -1))),
                        PeerUrls.cluster(cluster.get()),
                        token.get(),
                        skipHashCheck.get(),
                        bumpRevision.get());
        ConsoleLog log = new ConsoleLog(invocation.err(), "snapshot/v3_snapshot.go:1");
        EtcdutlProgram.onDisk(() -> new SnapshotRestore(plan, mapBytes.get(), log).run());
    }
}
