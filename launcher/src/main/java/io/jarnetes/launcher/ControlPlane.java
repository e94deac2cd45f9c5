package io.jarnetes.launcher;

import io.jarnetes.base.Program;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.PkiDirectory;
import io.jarnetes.pki.PkiOptions;
import io.jarnetes.pki.Profile;
import io.jarnetes.pki.Profiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A whole control plane in this process: etcd's members, kube-apiserver, kube-controller-manager,
 * kube-scheduler and simulated nodes. Any number of them live in one JVM, each with a data
 * directory of its own.
 *
 * <pre>{@code
 * try (ControlPlane cluster = ControlPlane.start(UpOptions.ephemeral(dir), Progress.silent())) {
 *     connect(cluster.kubeconfig());
 * }
 * }</pre>
 */
public final class ControlPlane implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);
    private static final long LOOK_NANOS = 10_000_000;

    private final DataDirectory directory;
    private final CommandLines lines;
    private final UpOptions options;
    private final List<Component> components = new ArrayList<>();
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private volatile boolean closing;

    private ControlPlane(DataDirectory directory, CommandLines lines, UpOptions options) {
        this.directory = directory;
        this.lines = lines;
        this.options = options;
    }

    /**
     * Starts everything and waits until it is ready.
     *
     * @throws UserException with one sentence when something the caller can change stands in the
     *     way; nothing is left running then, and of a first start nothing half-made
     */
    public static ControlPlane start(UpOptions options, Progress progress) {
        return start(options, progress, new CompletableFuture<>());
    }

    /** The same; returns early, not ready, once {@code stop} is done. */
    static ControlPlane start(UpOptions options, Progress progress, CompletableFuture<Void> stop) {
        DataDirectory directory = DataDirectory.open(options.dataDir());
        try {
            directory.check(options);
            Ports ports = Ports.choose(options, directory.peerPorts());
            directory.remember(options, ports, host());
            CommandLines lines =
                    new CommandLines(options, ports, directory.path(), directory.identity());
            ControlPlane cluster = new ControlPlane(directory, lines, options);
            try {
                cluster.credentials();
                cluster.run(progress, stop);
            } catch (RuntimeException | Error e) {
                cluster.stopAll();
                throw e;
            }
            return cluster;
        } catch (RuntimeException | Error e) {
            discard(directory, e);
            directory.close();
            throw e;
        }
    }

    /**
     * The command line of every component, as for separate processes; makes the credentials that
     * they name, and starts nothing.
     */
    static List<CommandLines.Line> prepare(UpOptions options) {
        try (DataDirectory directory = DataDirectory.open(options.dataDir())) {
            try {
                directory.check(options);
                Ports ports = Ports.choose(options, directory.peerPorts());
                directory.remember(options, ports, host());
                CommandLines lines =
                        new CommandLines(options, ports, directory.path(), directory.identity());
                new ControlPlane(directory, lines, options).credentials();
                return lines.all();
            } catch (RuntimeException | Error e) {
                discard(directory, e);
                throw e;
            }
        }
    }

    private static void discard(DataDirectory directory, Throwable why) {
        try {
            directory.discard();
        } catch (UserException e) {
            why.addSuppressed(e);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** The certificates and kubeconfigs that aren't there yet; kubeconfigs follow the port. */
    private void credentials() {
        PkiDirectory pki = pki();
        List<String> nodes =
                IntStream.range(0, options.nodes()).mapToObj(i -> "node-" + i).toList();
        String server = lines.apiserverUrl();
        PkiOptions asked =
                new PkiOptions(
                        Algorithm.ECDSA_P256,
                        Duration.ofDays(PkiOptions.DEFAULT_DAYS),
                        List.of(),
                        nodes,
                        server,
                        server);
        List<Profile> profiles = Profiles.all(nodes, List.of());
        pki.issue(asked, profiles);
        for (Profile profile : profiles) {
            Path kubeconfig = pki.kubeconfig(profile.name());
            if (Files.exists(kubeconfig) && !names(kubeconfig, server)) {
                pki.writeKubeconfig(profile, server);
            }
        }
        pki.encryption();
        refuseExpired(pki);
    }

    private static boolean names(Path kubeconfig, String server) {
        try {
            return Files.readString(kubeconfig).contains("server: " + server + "\n");
        } catch (IOException e) {
            throw new UserException(kubeconfig + " can't be read: " + Sentence.of(e), e);
        }
    }

    private void refuseExpired(PkiDirectory pki) {
        for (PkiDirectory.Entry entry : pki.entries()) {
            if (pki.left(entry.certificate()).isNegative()) {
                boolean authority = entry.certificate().getBasicConstraints() >= 0;
                throw new UserException(
                        "the certificate %s ended on %s: %s"
                                .formatted(
                                        pki.certificate(entry.name()),
                                        entry.certificate().getNotAfter().toInstant(),
                                        authority
                                                ? "it signs the others, so remove all *.crt, *.key"
                                                        + " and *.kubeconfig below "
                                                        + directory.pki()
                                                        + ", and they are made anew"
                                                : "renew it with `jarnetes pki renew %s`"
                                                        .formatted(directory.pki())));
            }
        }
    }

    private void run(Progress progress, CompletableFuture<Void> stop) {
        try {
            Files.createDirectories(directory.logs());
        } catch (IOException e) {
            throw new UserException("logs can't be written: " + Sentence.of(e), e);
        }
        Map<String, Supplier<Program>> programs = Programs.all();
        for (CommandLines.Line line : lines.all()) {
            Supplier<Program> program = programs.get(line.program());
            if (program == null) {
                throw new IllegalStateException("no program " + line.program());
            }
            Component component = Component.start(line, program.get(), directory.logs());
            components.add(component);
            component
                    .ended()
                    .whenComplete((status, failure) -> {
                        if (!closing) {
                            failed.complete(component.obituary());
                        }
                    });
        }
        if (awaitReady(progress, stop)) {
            directory.writeEnv(EnvFile.text(this));
        }
    }

    private boolean awaitReady(Progress progress, CompletableFuture<Void> stop) {
        PkiDirectory pki = pki();
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        progress.up("etcd", String.join(" ", etcdEndpoints()));
        try (ApiProbe probe =
                new ApiProbe(
                        lines.apiserverUrl(),
                        pki.certificate("admin"),
                        pki.key("admin"),
                        pki.certificate("ca"))) {
            // A request that waits for an answer doesn't hold up the end.
            stop.thenRun(probe::close);
            Readiness readiness =
                    new Readiness(
                            probe, options, lines.apiserverUrl(), directory.identity(), progress);
            while (!readiness.look()) {
                if (stop.isDone()) {
                    return false;
                }
                if (failed.isDone()) {
                    throw new UserException(failed.join());
                }
                if (System.nanoTime() > end) {
                    throw new UserException(
                            "not ready after %d s, waiting for %s; the logs are in %s"
                                    .formatted(
                                            READY_LIMIT.toSeconds(),
                                            readiness.missing(),
                                            directory.logs()));
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        return true;
    }

    /** Completes with one sentence when a component ends by itself. */
    public CompletableFuture<String> failed() {
        return failed;
    }

    /** The API server's URL. */
    public String apiServer() {
        return lines.apiserverUrl();
    }

    /** The administrator's kubeconfig. */
    public Path kubeconfig() {
        return pki().kubeconfig("admin");
    }

    /** The client URLs of etcd's members. */
    public List<String> etcdEndpoints() {
        return lines.etcdEndpoints();
    }

    /** Keys and certificates: {@code etcd/healthcheck-client} is for etcd's clients. */
    public PkiDirectory pki() {
        return new PkiDirectory(directory.pki(), Clock.systemUTC(), new SecureRandom());
    }

    /** Whether etcd speaks plain HTTP. */
    public boolean insecureEtcd() {
        return options.insecureEtcd();
    }

    /** Stops everything in order, what depends first. */
    @Override
    public void close() {
        directory.removeEnv();
        stopAll();
        directory.close();
    }

    private void stopAll() {
        closing = true;
        long end = System.nanoTime() + STOP_LIMIT.toNanos();
        // What talks to the API server stops together, then the API server, then etcd's members.
        stop(end, name -> !name.startsWith("etcd-") && !name.equals("kube-apiserver"));
        stop(end, name -> name.equals("kube-apiserver"));
        stop(end, name -> name.startsWith("etcd-"));
    }

    private void stop(long end, java.util.function.Predicate<String> which) {
        List<Component> group = components.stream().filter(c -> which.test(c.name())).toList();
        group.forEach(Component::stop);
        for (Component component : group) {
            component.await(Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime())));
        }
    }
}
