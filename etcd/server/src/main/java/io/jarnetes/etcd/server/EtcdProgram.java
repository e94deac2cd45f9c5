package io.jarnetes.etcd.server;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.log.ZapLog;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.storage.disk.DiskException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code etcd}: flags as upstream takes them, {@code ETCD_*} variables for those that
 * are not given, JSON lines on standard error. Exit status 0 after an orderly stop, 1 for a bad
 * configuration or a failed start, 2 for an unknown flag.
 */
public final class EtcdProgram implements Program {
    private static final String ENV_PREFIX = "ETCD_";
    private static final int LOOP_THREADS = 2;

    private static final Map<String, Log.Level> LEVELS =
            Map.ofEntries(
                    Map.entry("debug", Log.Level.DEBUG),
                    Map.entry("info", Log.Level.INFO),
                    Map.entry("", Log.Level.INFO),
                    Map.entry("warn", Log.Level.WARN),
                    Map.entry("error", Log.Level.ERROR),
                    Map.entry("dpanic", Log.Level.FATAL),
                    Map.entry("panic", Log.Level.FATAL),
                    Map.entry("fatal", Log.Level.FATAL));

    private final @Nullable EtcdRuntime shared;

    /** A program with threads of its own. */
    public EtcdProgram() {
        shared = null;
    }

    /**
     * A member among others in one process.
     *
     * @param shared threads of the process, which outlive the program
     */
    public EtcdProgram(EtcdRuntime shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        EtcdFlags flags = new EtcdFlags();
        try {
            flags.flags.parse(invocation.args());
        } catch (FlagException e) {
            invocation.err().println(e.getMessage());
            invocation.err().println("Usage: etcd [flags]; etcd --help lists them.");
            return 2;
        }
        if (flags.help.get() || flags.h.get()) {
            invocation.out().print(help(flags));
            return 0;
        }
        if (flags.version.get()) {
            invocation.out().println("etcd Version: " + version(flags));
            // Upstream's other lines, which scripts cut by their number, in the same places.
            invocation.out().println("Git SHA: none, this is Jarnetes");
            invocation.out().println("Go Version: none, runs on Java " + Runtime.version());
            invocation
                    .out()
                    .println(
                            "Go OS/Arch: "
                                    + System.getProperty("os.name").toLowerCase(Locale.ROOT)
                                    + "/"
                                    + System.getProperty("os.arch"));
            invocation.out().println("Implementation: Jarnetes");
            return 0;
        }
        return configured(invocation, flags);
    }

    private static String version(EtcdFlags flags) {
        return (flags.compatibility.get().equals("3.5") ? Compatibility.V3_5 : Compatibility.V3_6)
                .version();
    }

    private static String help(EtcdFlags flags) {
        return "Usage:\n\n  etcd [flags]\n    Start an etcd server.\n\nFlags:\n"
                + flags.flags.usage();
    }

    private int configured(Invocation invocation, EtcdFlags given) throws Exception {
        Log early = new ZapLog(invocation.err(), Log.Level.INFO, "etcdmain/etcd.go:1");
        EtcdConfig config;
        EtcdFlags flags;
        try {
            requireNoWords(given);
            flags = settled(invocation.env(), given);
            if (!LEVELS.containsKey(flags.logLevel.get())) {
                // Upstream's end is a panic, with these words and this status.
                invocation
                        .err()
                        .println("panic: unrecognized level: \"" + flags.logLevel.get() + "\"");
                return 2;
            }
            config = new ConfigFromFlags(flags).config();
        } catch (BootException e) {
            early.log(Log.Level.FATAL, "failed to verify flags", "error", e);
            return 1;
        }
        try (Logs logs = Logs.open(flags, invocation)) {
            return serve(config, logs.log(), invocation.stop());
        }
    }

    private static void requireNoWords(EtcdFlags flags) {
        if (!flags.flags.positional().isEmpty()) {
            String word = flags.flags.positional().getFirst();
            throw new BootException("\"" + word + "\" is not a valid flag");
        }
    }

    /** A file counts alone, as upstream's; the flag that upstream doesn't have is kept. */
    private static EtcdFlags settled(Map<String, String> env, EtcdFlags given) {
        String file = given.configFile.get();
        if (file.isEmpty()) {
            file = env.getOrDefault(ENV_PREFIX + "CONFIG_FILE", "");
        }
        if (file.isEmpty()) {
            environment(env, given);
            return given;
        }
        EtcdFlags flags = new EtcdFlags();
        try {
            flags.flags.set("cluster-compatibility", given.compatibility.get());
        } catch (FlagException e) {
            throw new BootException(String.valueOf(e.getMessage()), e);
        }
        ConfigFile.apply(Path.of(file), flags);
        return flags;
    }

    /** Variables of flags that are not given; of those that are, a variable is an error. */
    private static void environment(Map<String, String> env, EtcdFlags flags) {
        for (Flag<?> flag : flags.flags.all()) {
            String key = ENV_PREFIX + flag.name().toUpperCase(Locale.ROOT).replace('-', '_');
            String value = env.get(key);
            if (value == null || value.isEmpty()) {
                continue;
            }
            if (flag.changed()) {
                throw new BootException(
                        "conflicting environment variable \""
                                + key
                                + "\" is shadowed by corresponding command-line flag (either unset"
                                + " environment variable or disable flag)");
            }
            try {
                flags.flags.set(flag.name(), value);
            } catch (FlagException e) {
                String text = String.valueOf(e.getMessage());
                String why =
                        text.substring(text.indexOf(flag.name() + ": ") + flag.name().length());
                throw new BootException("invalid value \"" + value + "\" for " + key + why, e);
            }
        }
    }

    private int serve(EtcdConfig config, Log log, CompletableFuture<Void> stop)
            throws InterruptedException {
        // Names of containers that start together resolve a moment later: the JDK would go on for
        // ten seconds to say that there are none. It reads this once, at the first look-up.
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        if (shared != null) {
            return serve(config, shared, log, stop);
        }
        try (EtcdRuntime own = EtcdRuntime.create(LOOP_THREADS)) {
            return serve(config, own, log, stop);
        }
    }

    private static int serve(
            EtcdConfig config, EtcdRuntime runtime, Log log, CompletableFuture<Void> stop)
            throws InterruptedException {
        log.info(
                "starting an etcd server",
                "etcd-version",
                config.compatibility().version(),
                "java-version",
                System.getProperty("java.version"),
                "name",
                config.name(),
                "data-dir",
                config.dataDir());
        try (EtcdServer server = EtcdServer.start(config, runtime, log)) {
            CompletableFuture.anyOf(stop, server.failure()).get();
            if (server.failure().isDone()) {
                Throwable cause = server.failure().getNow(new IllegalStateException());
                boolean removed = cause instanceof RemovedException;
                return removed ? 0 : 1;
            }
            log.info("received signal; shutting down");
            return 0;
        } catch (BootException | IOException | DiskException e) {
            log.log(Log.Level.FATAL, "failed to start etcd", "error", e);
            return 1;
        } catch (ExecutionException e) {
            log.log(Log.Level.FATAL, "member failed", "error", e.getCause());
            return 1;
        }
    }

    /** Where the log goes. */
    private record Logs(Log log, List<OutputStream> files) implements AutoCloseable {

        static Logs open(EtcdFlags flags, Invocation invocation) throws IOException {
            List<OutputStream> targets = new ArrayList<>();
            List<OutputStream> files = new ArrayList<>();
            for (String output : flags.logOutputs.get().split(",", -1)) {
                switch (output) {
                    case "default", "stderr", "" -> targets.add(invocation.err());
                    case "stdout" -> targets.add(invocation.out());
                    default -> {
                        OutputStream file =
                                new BufferedOutputStream(
                                        Files.newOutputStream(
                                                Path.of(output),
                                                StandardOpenOption.CREATE,
                                                StandardOpenOption.APPEND));
                        targets.add(file);
                        files.add(file);
                    }
                }
            }
            OutputStream out = targets.size() == 1 ? targets.getFirst() : new Tee(targets);
            return new Logs(new ZapLog(out, level(flags), "etcdserver/server.go:1"), files);
        }

        private static Log.Level level(EtcdFlags flags) {
            if (flags.debug.get()) {
                return Log.Level.DEBUG;
            }
            return LEVELS.getOrDefault(flags.logLevel.get(), Log.Level.INFO);
        }

        @Override
        public void close() throws IOException {
            for (OutputStream file : files) {
                file.close();
            }
        }
    }

    /** Writes everything everywhere. */
    private static final class Tee extends OutputStream {
        private final List<OutputStream> targets;

        Tee(List<OutputStream> targets) {
            this.targets = targets;
        }

        @Override
        public void write(int b) throws IOException {
            for (OutputStream target : targets) {
                target.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (OutputStream target : targets) {
                target.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            for (OutputStream target : targets) {
                target.flush();
            }
        }
    }
}
