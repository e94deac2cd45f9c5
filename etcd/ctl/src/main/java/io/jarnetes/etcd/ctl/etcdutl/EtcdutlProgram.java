package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.etcd.ctl.command.Command;
import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.ctl.command.Runner;
import io.jarnetes.etcd.storage.disk.DiskException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program {@code etcdutl}. */
public final class EtcdutlProgram implements Program {

    @Override
    public String name() {
        return "etcdutl";
    }

    @Override
    public int run(Invocation invocation) {
        return new Runner(root(invocation), invocation).run();
    }

    private static Command root(Invocation invocation) {
        Command root = new Command("etcdutl", "An administrative command line tool for etcd3.");
        Settings.declare(root, invocation);
        return root.add(snapshot(invocation))
                .add(defrag(invocation))
                .add(hashKv(invocation))
                .add(version(invocation))
                .add(check(invocation))
                .add(MigrateCommand.command(invocation))
                .add(completion(invocation));
    }

    private static Command snapshot(Invocation invocation) {
        Command command = new Command("snapshot <subcommand>", "Manages etcd node snapshots");
        Settings.declare(command, invocation);
        return command.add(SnapshotRestoreCommand.command(invocation)).add(status(invocation));
    }

    private static Command status(Invocation invocation) {
        Command command =
                new Command("status <filename>", "Gets backend snapshot status of a given file");
        Settings settings = Settings.declare(command, invocation);
        return command.does(args -> {
            Path file = existing(only(args, "snapshot status"));
            Printer printer = settings.printer();
            onDisk(() -> printer.status(SnapshotStatus.read(file, settings.at35())));
        });
    }

    private static Command hashKv(Invocation invocation) {
        Command command =
                new Command("hashkv <filename>", "Prints the KV history hash of a given file");
        Settings settings = Settings.declare(command, invocation);
        Flag<Long> revision =
                command.flags()
                        .longInteger(
                                "rev", 0, "maximum revision to hash (default: latest revision)");
        return command.takes(1)
                .does(args -> {
                    Printer printer = settings.printer();
                    Path file = existing(args.getFirst());
                    onDisk(() -> printer.hashKv(HashKv.of(file, revision.get())));
                });
    }

    private static Command defrag(Invocation invocation) {
        Command command = new Command("defrag", "Defragments the storage of the etcd");
        Settings.declare(command, invocation);
        Flag<String> dataDir =
                command.require(
                        command.flags()
                                .string(
                                        "data-dir",
                                        "",
                                        "Required. Defragments a data directory not in use by"
                                                + " etcd."));
        return command.does(args -> new Defrag(invocation).run(dataDir.get()));
    }

    private static Command version(Invocation invocation) {
        Command command = new Command("version", "Prints the version of etcdutl");
        Settings settings = Settings.declare(command, invocation);
        return command.does(args -> {
            invocation.out().println("etcdutl version: " + settings.version());
            invocation.out().println("API version: " + settings.version().substring(0, 3));
        });
    }

    private static Command check(Invocation invocation) {
        Command command =
                new Command(
                        "check <filename>",
                        "Checks every page of a db file, and the history of the keys in it");
        Settings.declare(command, invocation);
        Flag<String> dataDir =
                command.flags()
                        .string(
                                "data-dir",
                                "",
                                "Checks the db, the log and the snapshots of a data directory not"
                                        + " in use by etcd, instead of a single file");
        Flag<String> walDir =
                command.flags()
                        .string(
                                "wal-dir",
                                "",
                                "Path to the WAL directory (use --data-dir if none given)");
        return command.does(
                args -> onDisk(() -> Check.run(invocation, dataDir.get(), walDir.get(), args)));
    }

    private static Command completion(Invocation invocation) {
        Command command = new Command("completion", "Generate completion script");
        Settings.declare(command, invocation);
        return command.does(args -> {
            throw new ExitException(
                    ExitException.ERROR, "completion is not there yet in this etcdutl");
        });
    }

    /** The file; upstream's words if there is none. */
    static Path existing(String name) {
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            throw new ExitException(
                    ExitException.ERROR, "stat " + name + ": no such file or directory");
        }
        return path;
    }

    /** What a file does not allow is the program's error. */
    static void onDisk(Runnable work) {
        try {
            work.run();
        } catch (DiskException e) {
            throw new ExitException(ExitException.ERROR, String.valueOf(e.getMessage()), e);
        }
    }

    /** The db of a data directory. */
    static Path database(String dataDir) {
        return Path.of(dataDir).resolve("member/snap/db");
    }

    /** The words of a command line, of which there must be one. */
    static String only(List<String> args, String what) {
        if (args.size() != 1) {
            throw new ExitException(
                    ExitException.BAD_ARGS, what + " requires exactly one argument");
        }
        return args.getFirst();
    }
}
