package io.jarnetes.kubeclient;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.flags.Flags;
import io.jarnetes.base.flags.GoValues;
import io.jarnetes.base.log.KlogLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The flags that kube-controller-manager and kube-scheduler have in common: serving, delegated
 * authentication, leader election, logs. Flags of upstream that change nothing here are taken and
 * passed over.
 */
public final class ComponentFlags {

    /** The version of upstream that all programs act as, as {@code --version} prints it. */
    public static final String VERSION = "v1.36.2";

    private final String program;
    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<String> kubeconfig = string("kubeconfig", "", "Path to kubeconfig file");
    private final Flag<String> master =
            string("master", "", "The address of the Kubernetes API server");
    private final Flag<String> bindAddress =
            string("bind-address", "0.0.0.0", "The IP to serve on");
    private static final int LAST_PORT = 65_535;

    private final Flag<Integer> securePort;
    private final Flag<String> certificate = string("tls-cert-file", "", "Serving certificate");
    private final Flag<String> key = string("tls-private-key-file", "", "Its key");
    private final Flag<Boolean> elect = flags.bool("leader-elect", true, "Start a leader election");
    private final Flag<Duration> leaseDuration = lease("lease-duration", 15);
    private final Flag<Duration> renewDeadline = lease("renew-deadline", 10);
    private final Flag<Duration> retryPeriod = lease("retry-period", 2);
    private final Flag<String> lockName;
    private final Flag<String> lockNamespace =
            string("leader-elect-resource-namespace", "kube-system", "Namespace of the Lease");
    private final Flag<String> identity =
            string(
                    "leader-elect-identity",
                    "",
                    "Who holds the Lease; the same after a restart renews its own (not upstream's)");
    private final Flag<String> format =
            string("logging-format", "text", "Sets the log format: json or text");
    private final Flag<Integer> verbosity =
            flags.integer("v", 0, "number for the log level verbosity");
    private final Flag<String> version =
            string("version", "", "prints version information and quits");
    private final Flag<Boolean> help = flags.bool("help", false, "help");

    /**
     * @param program such as {@code kube-scheduler}
     */
    public ComponentFlags(String program, int port) {
        this.program = program;
        this.securePort = flags.integer("secure-port", port, "The port to serve HTTPS on");
        this.lockName = string("leader-elect-resource-name", program, "Name of the Lease");
        flags.shorthand('v', verbosity);
        flags.shorthand('h', help);
        withoutEffect();
    }

    private Flag<String> string(String name, String initial, String usage) {
        return flags.string(name, initial, usage);
    }

    private Flag<Duration> lease(String name, int seconds) {
        return flags.duration(
                "leader-elect-" + name, Duration.ofSeconds(seconds), "Time of the leader election");
    }

    private void withoutEffect() {
        ignoreStrings(
                "authentication-kubeconfig",
                "authorization-kubeconfig",
                "client-ca-file",
                "requestheader-client-ca-file",
                "cert-dir",
                "tls-min-version",
                "tls-cipher-suites",
                "tls-curve-preferences",
                "tls-sni-cert-key",
                "requestheader-allowed-names",
                "requestheader-extra-headers-prefix",
                "requestheader-group-headers",
                "requestheader-uid-headers",
                "requestheader-username-headers",
                "authentication-token-webhook-cache-ttl",
                "authorization-always-allow-paths",
                "authorization-webhook-cache-authorized-ttl",
                "authorization-webhook-cache-unauthorized-ttl",
                "kube-api-content-type",
                "kube-api-qps",
                "kube-api-burst",
                "leader-elect-resource-lock",
                "http2-max-streams-per-connection",
                "feature-gates",
                "emulated-version",
                "min-compatibility-version",
                "allow-metric-labels",
                "allow-metric-labels-manifest",
                "disabled-metrics",
                "show-hidden-metrics-for-version",
                "log-flush-frequency",
                "log-json-info-buffer-size",
                "log-text-info-buffer-size",
                "vmodule");
        ignoreBooleans(
                "authentication-skip-lookup",
                "authentication-tolerate-lookup-failure",
                "contention-profiling",
                "profiling",
                "disable-http2-serving",
                "permit-address-sharing",
                "permit-port-sharing",
                "log-json-split-stream",
                "log-text-split-stream");
    }

    /** Takes these flags of upstream and does nothing with them. */
    public void ignoreStrings(String... names) {
        for (String name : names) {
            flags.string(name, "", "Accepted, without effect");
        }
    }

    /** The same for switches. */
    public void ignoreBooleans(String... names) {
        for (String name : names) {
            flags.bool(name, false, "Accepted, without effect");
        }
    }

    /** Where a program adds its own. */
    public Flags flags() {
        return flags;
    }

    /**
     * Parses, and answers {@code --version}, {@code --help} and mistakes itself.
     *
     * @return the exit status to end with, or empty to go on
     */
    public Optional<Integer> parse(Invocation invocation) {
        try {
            flags.parse(
                    invocation.args().stream()
                            .map(word -> word.equals("--version") ? "--version=true" : word)
                            .toList());
        } catch (FlagException e) {
            invocation.err().print(usage());
            invocation.err().println("\nError: " + e.getMessage());
            return Optional.of(1);
        }
        if (version.changed() && !version.get().equals("false")) {
            invocation.out().println("Kubernetes " + VERSION);
            return Optional.of(0);
        }
        if (help.get()) {
            invocation.out().print(usage());
            return Optional.of(0);
        }
        if (!flags.positional().isEmpty()) {
            String words = "[\"" + String.join("\" \"", flags.positional()) + "\"]";
            invocation
                    .err()
                    .println(
                            "Error: \"" + program + "\" does not take any arguments, got " + words);
            return Optional.of(1);
        }
        return Optional.empty();
    }

    private String usage() {
        return "Usage:\n  " + program + " [flags]\n\nFlags:\n" + flags.usage();
    }

    public KlogLog log(Invocation invocation) {
        boolean json = format.get().equals("json");
        return new KlogLog(
                json ? invocation.out() : invocation.err(),
                json,
                verbosity.get(),
                program + ".java:1");
    }

    /**
     * @param fromFile a kubeconfig named by a configuration file; the flag goes before it
     * @throws IOException if there is none or it can't be used
     */
    public KubeConfig kubeConfig(String fromFile) throws IOException {
        String file = kubeconfig.get().isEmpty() ? fromFile : kubeconfig.get();
        if (file.isEmpty()) {
            if (!master.get().isEmpty()) {
                return new KubeConfig(master.get(), null, null, null, null, false);
            }
            throw new IOException(
                    "invalid configuration: neither --kubeconfig nor --master is given: say where"
                            + " the apiserver is and who this program is to it");
        }
        if (!Files.exists(Path.of(file))) {
            throw new IOException("stat " + file + ": no such file or directory");
        }
        KubeConfig config = KubeConfig.load(Path.of(file));
        return master.get().isEmpty() ? config : config.withServer(master.get());
    }

    /** Null with {@code --secure-port=0}. */
    public @Nullable ServingConfig serving() throws IOException {
        if (securePort.get() == 0) {
            return null;
        }
        if (securePort.get() < 0 || securePort.get() > LAST_PORT) {
            throw new IOException(
                    "--secure-port "
                            + securePort.get()
                            + " must be between 0 and 65535, inclusive. 0 for turning off secure"
                            + " port");
        }
        return new ServingConfig(
                bindAddress.get(),
                securePort.get(),
                readOptional(certificate.get()),
                readOptional(key.get()));
    }

    /**
     * The text of a file that a flag names; null for none.
     *
     * @throws IOException with Go's words
     */
    public static @Nullable String readOptional(String file) throws IOException {
        if (file.isEmpty()) {
            return null;
        }
        if (!Files.exists(Path.of(file))) {
            throw new IOException("open " + file + ": no such file or directory");
        }
        return Files.readString(Path.of(file));
    }

    /**
     * Null where election is off.
     *
     * @param overrides what a configuration file says: leaderElect, resourceName and so on; flags
     *     go before it
     */
    public LeaderElector.@Nullable Settings leaderElection(Map<String, String> overrides) {
        boolean on =
                elect.changed()
                        ? elect.get()
                        : !overrides.getOrDefault("leaderElect", "true").equals("false");
        if (!on) {
            return null;
        }
        return new LeaderElector.Settings(
                pick(lockNamespace, overrides.get("resourceNamespace")),
                pick(lockName, overrides.get("resourceName")),
                identity.get().isEmpty() ? hostName() + "_" + UUID.randomUUID() : identity.get(),
                pickDuration(leaseDuration, overrides.get("leaseDuration")),
                pickDuration(renewDeadline, overrides.get("renewDeadline")),
                pickDuration(retryPeriod, overrides.get("retryPeriod")));
    }

    private static Duration pickDuration(Flag<Duration> flag, @Nullable String other) {
        String text = flag.changed() || other == null ? "" : other;
        Duration given = text.isEmpty() ? Duration.ZERO : GoValues.duration(text);
        return given.isZero() ? flag.get() : given;
    }

    private static String pick(Flag<String> flag, @Nullable String other) {
        return flag.changed() || other == null || other.isEmpty() ? flag.get() : other;
    }

    public static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Names that upstream's help lists; for tests. */
    public List<String> names() {
        return flags.all().stream().map(Flag::name).toList();
    }
}
