package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.flags.Flags;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** {@code jarnetes up}: everything, in the foreground. */
final class UpCommand implements Program {

    private static final int LAST_PORT = 65_535;

    private static final List<String> MEDIA_TYPES =
            List.of(UpOptions.JSON, "application/vnd.kubernetes.protobuf");

    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<String> dataDir =
            flags.string("data-dir", "jarnetes-data", "Where everything is kept.");
    private final Flag<Integer> members = flags.integer("members", 3, "Members of etcd.");
    private final Flag<Integer> nodes = flags.integer("nodes", 2, "Simulated nodes; 0 for none.");
    private final Flag<String> bindAddress =
            flags.string(
                    "bind-address",
                    UpOptions.LOOPBACK,
                    "Where the API server and etcd's client ports listen: 127.0.0.1, or 0.0.0.0 for"
                            + " every address of this machine.");
    private final Flag<Integer> apiserverPort =
            flags.integer("apiserver-port", UpOptions.APISERVER_PORT, "The API server's port.");
    private final Flag<List<String>> clientPorts =
            flags.strings(
                    "etcd-client-ports",
                    words(UpOptions.ETCD_CLIENT_PORTS),
                    "One port a member, for clients.");
    private final Flag<List<String>> peerPorts =
            flags.strings(
                    "etcd-peer-ports",
                    words(UpOptions.ETCD_PEER_PORTS),
                    "One port a member, for the other members.");
    private final Flag<Boolean> ephemeral =
            flags.bool("ephemeral-ports", false, "Take free ports, whatever they are.");
    private final Flag<Boolean> insecureEtcd =
            flags.bool("insecure-etcd", false, "Plain HTTP for etcd, no certificates.");
    private final Flag<String> mediaType =
            flags.string(
                    "storage-media-type",
                    UpOptions.JSON,
                    "How objects are stored: application/json or application/vnd.kubernetes.protobuf.");
    private final Flag<Boolean> printCommands =
            flags.bool(
                    "print-commands",
                    false,
                    "Print every component's command line, as for separate processes, and start"
                            + " nothing.");
    private final Flag<Integer> verbosity = flags.integer("v", 0, "Verbosity of the logs.");
    private final Flag<Boolean> help = flags.bool("help", false, "This text.");

    @Override
    public String name() {
        return "up";
    }

    private static List<String> words(List<Integer> ports) {
        return ports.stream().map(String::valueOf).toList();
    }

    @Override
    public int run(Invocation invocation) {
        flags.shorthand('v', verbosity);
        flags.shorthand('h', help);
        try {
            flags.parse(invocation.args());
        } catch (FlagException e) {
            throw new UserException(e.getMessage() + "; `jarnetes up --help` lists the flags", e);
        }
        if (help.get()) {
            invocation.out().print("Usage: jarnetes up [FLAGS]\n\n" + flags.usage());
            return 0;
        }
        if (!flags.positional().isEmpty()) {
            throw new UserException(
                    "`up` takes flags only, not \"" + flags.positional().get(0) + "\"");
        }
        UpOptions options = options();
        if (printCommands.get()) {
            for (CommandLines.Line line : ControlPlane.prepare(options)) {
                List<String> words = new ArrayList<>(List.of("jarnetes", line.program()));
                words.addAll(line.args());
                invocation.out().println(Shell.line(words));
            }
            return 0;
        }
        return up(options, invocation);
    }

    private int up(UpOptions options, Invocation invocation) {
        PrintStream out = invocation.out();
        try (ControlPlane cluster =
                ControlPlane.start(
                        options,
                        (what, detail) -> out.printf("%-24s %s%n", what, detail),
                        invocation.stop())) {
            if (!invocation.stop().isDone()) {
                ready(out);
                CompletableFuture.anyOf(invocation.stop(), cluster.failed()).join();
            }
            if (!invocation.stop().isDone()) {
                throw new UserException(cluster.failed().join());
            }
            out.println("stopping");
        }
        return 0;
    }

    private void ready(PrintStream out) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        double seconds = (System.currentTimeMillis() - started) / 1000.0;
        out.printf(Locale.ROOT, "ready in %.2f s%n%n", seconds);
        String env =
                dataDir.changed()
                        ? "hack/run env --data-dir " + Shell.quoted(dataDir.get())
                        : "hack/run env";
        out.printf("  eval \"$(%s)\"%n", env);
        out.println("  kubectl get nodes");
        out.println("  etcdctl get /registry --prefix --keys-only");
        out.flush();
    }

    private UpOptions options() {
        if (members.get() < 1) {
            throw new UserException("--members " + members.get() + ": at least 1 is needed");
        }
        if (nodes.get() < 0) {
            throw new UserException("--nodes " + nodes.get() + ": 0 or more");
        }
        if (!MEDIA_TYPES.contains(mediaType.get())) {
            throw new UserException(
                    "--storage-media-type "
                            + mediaType.get()
                            + ": one of "
                            + String.join(", ", MEDIA_TYPES));
        }
        if (!bindAddress.get().equals(UpOptions.LOOPBACK) && !bindAddress.get().equals("0.0.0.0")) {
            throw new UserException(
                    "--bind-address " + bindAddress.get() + ": 127.0.0.1 or 0.0.0.0");
        }
        boolean free = ephemeral.get();
        return new UpOptions(
                directory(dataDir),
                members.get(),
                nodes.get(),
                bindAddress.get(),
                free && !apiserverPort.changed() ? 0 : port(apiserverPort),
                free && !clientPorts.changed() ? List.of() : ports(clientPorts),
                free && !peerPorts.changed() ? List.of() : ports(peerPorts),
                free ? 0 : UpOptions.CONTROLLER_MANAGER_PORT,
                free ? 0 : UpOptions.SCHEDULER_PORT,
                insecureEtcd.get(),
                mediaType.get(),
                verbosity.get());
    }

    /** A directory that a flag names, for `up` and `env`. */
    static Path directory(Flag<String> flag) {
        if (flag.get().isEmpty()) {
            throw new UserException("--" + flag.name() + " is empty: it wants a directory");
        }
        return Path.of(flag.get());
    }

    private static int port(Flag<Integer> flag) {
        if (flag.get() < 0 || flag.get() > LAST_PORT) {
            throw new UserException("--" + flag.name() + ": \"" + flag.get() + "\" is no port");
        }
        return flag.get();
    }

    private static List<Integer> ports(Flag<List<String>> flag) {
        List<Integer> ports = new ArrayList<>();
        for (String word : flag.get()) {
            if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) > LAST_PORT) {
                throw new UserException("--" + flag.name() + ": \"" + word + "\" is no port");
            }
            ports.add(Integer.valueOf(word));
        }
        return ports;
    }
}
