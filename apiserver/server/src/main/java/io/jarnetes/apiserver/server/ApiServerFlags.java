package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.admission.plugins.AdmissionPlugins;
import io.jarnetes.apiserver.server.authentication.FrontProxyAuthenticator;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.flags.Flags;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code kube-apiserver}'s flags, and the configuration that they make. */
final class ApiServerFlags {

    private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(5);
    private static final int LAST_PORT = 65_535;

    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final List<Flag<?>> absent = new ArrayList<>();

    private final Flag<String> bindAddress = flags.string("bind-address", "0.0.0.0", "");
    private final Flag<Integer> securePort = flags.integer("secure-port", 6443, "");
    private final Flag<String> advertiseAddress = flags.string("advertise-address", "", "");
    private final Flag<String> externalHostname = flags.string("external-hostname", "", "");
    private final Flag<String> certDir = flags.string("cert-dir", "/var/run/kubernetes", "");
    private final Flag<String> tlsCertFile = flags.string("tls-cert-file", "", "");
    private final Flag<String> tlsKeyFile = flags.string("tls-private-key-file", "", "");

    private final Flag<List<String>> etcdServers = flags.strings("etcd-servers", List.of(), "");
    private final Flag<String> etcdCa = flags.string("etcd-cafile", "", "");
    private final Flag<String> etcdCert = flags.string("etcd-certfile", "", "");
    private final Flag<String> etcdKey = flags.string("etcd-keyfile", "", "");
    private final Flag<String> etcdPrefix = flags.string("etcd-prefix", "/registry", "");
    private final Flag<String> storageBackend = flags.string("storage-backend", "", "");
    private final Flag<String> storageMediaType =
            flags.string("storage-media-type", "application/vnd.kubernetes.protobuf", "");
    private final Flag<String> encryption = flags.string("encryption-provider-config", "", "");
    private final Flag<Boolean> encryptionReload =
            flags.bool("encryption-provider-config-automatic-reload", false, "");
    private final Flag<Duration> eventTtl = flags.duration("event-ttl", Duration.ofHours(1), "");

    private final Flag<String> clientCa = flags.string("client-ca-file", "", "");
    private final Flag<Boolean> anonymousAuth = flags.bool("anonymous-auth", true, "");
    private final Flag<String> tokenFile = flags.string("token-auth-file", "", "");
    private final Flag<Boolean> bootstrapTokens =
            flags.bool("enable-bootstrap-token-auth", false, "");
    private final Flag<String> frontProxyCa = flags.string("requestheader-client-ca-file", "", "");
    private final Flag<List<String>> frontProxyNames = list("requestheader-allowed-names");
    private final Flag<List<String>> frontProxyExtra = list("requestheader-extra-headers-prefix");
    private final Flag<List<String>> frontProxyGroups = list("requestheader-group-headers");
    private final Flag<List<String>> frontProxyUids = list("requestheader-uid-headers");
    private final Flag<List<String>> frontProxyUsers = list("requestheader-username-headers");

    private final Flag<List<String>> issuers =
            flags.stringArray("service-account-issuer", List.of(), "");
    private final Flag<List<String>> verifyingKeys =
            flags.stringArray("service-account-key-file", List.of(), "");
    private final Flag<String> signingKey =
            flags.string("service-account-signing-key-file", "", "");
    private final Flag<String> jwksUri = flags.string("service-account-jwks-uri", "", "");
    private final Flag<Boolean> lookup = flags.bool("service-account-lookup", true, "");
    private final Flag<Duration> maxExpiration =
            flags.duration("service-account-max-token-expiration", Duration.ZERO, "");
    private final Flag<Boolean> extendExpiration =
            flags.bool("service-account-extend-token-expiration", true, "");
    private final Flag<List<String>> audiences = list("api-audiences");

    private final Flag<List<String>> authorizationMode = list("authorization-mode");
    private final Flag<List<String>> enablePlugins = list("enable-admission-plugins");
    private final Flag<List<String>> disablePlugins = list("disable-admission-plugins");
    private final Flag<Integer> notReady =
            flags.integer("default-not-ready-toleration-seconds", 300, "");
    private final Flag<Integer> unreachable =
            flags.integer("default-unreachable-toleration-seconds", 300, "");

    private final Flag<String> serviceRange = flags.string("service-cluster-ip-range", "", "");
    private final Flag<String> nodePorts =
            flags.string("service-node-port-range", "30000-32767", "");
    private final Flag<Boolean> allowPrivileged = flags.bool("allow-privileged", false, "");
    private final Flag<Map<String, String>> runtimeConfig =
            flags.map("runtime-config", Map.of(), "");

    private final Flag<Integer> maxInFlight = flags.integer("max-requests-inflight", 400, "");
    private final Flag<Integer> maxMutating =
            flags.integer("max-mutating-requests-inflight", 200, "");
    private final Flag<Duration> requestTimeout =
            flags.duration("request-timeout", Duration.ofMinutes(1), "");
    private final Flag<Duration> shutdownDelay =
            flags.duration("shutdown-delay-duration", Duration.ZERO, "");

    private final Flag<Integer> verbosity = flags.integer("v", 0, "");
    private final Flag<String> loggingFormat = flags.string("logging-format", "text", "");
    private final Flag<Boolean> help = flags.bool("help", false, "");
    private final Flag<String> version = flags.string("version", "", "");

    ApiServerFlags() {
        flags.shorthand('v', verbosity);
        flags.shorthand('h', help);
        lines("flags.txt").forEach(this::other);
    }

    private Flag<List<String>> list(String name) {
        return flags.strings(name, List.of(), "");
    }

    private static List<String> lines(String file) {
        try (InputStream in = ApiServerFlags.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void other(String line) {
        String[] words = line.split(" ");
        Flag<?> flag =
                words[1].equals("bool")
                        ? flags.bool(words[0], false, "")
                        : flags.stringArray(words[0], List.of(), "");
        if (words[2].equals("absent")) {
            absent.add(flag);
        }
    }

    /**
     * @throws FlagException with upstream's text
     */
    void parse(List<String> args) throws FlagException {
        // --version takes an optional value, which the flag library does not know.
        flags.parse(args.stream().map(a -> a.equals("--version") ? "--version=true" : a).toList());
    }

    /** The words that are no flags, of which this program takes none. */
    List<String> positional() {
        return flags.positional();
    }

    boolean helpAsked() {
        return help.get();
    }

    boolean versionAsked() {
        return !version.get().isEmpty() && !version.get().equals("false");
    }

    int verbosity() {
        return verbosity.get();
    }

    boolean jsonLogs() {
        return loggingFormat.get().equals("json");
    }

    /** What each is for, for help. */
    String usage() {
        Map<String, String> texts = new HashMap<>();
        for (String line : lines("usage.txt")) {
            int space = line.indexOf(' ');
            texts.put(line.substring(0, space), line.substring(space + 1));
        }
        return flags.usage(
                flag -> !absent.contains(flag),
                flag -> texts.getOrDefault(flag.name(), "Accepted, without effect"));
    }

    boolean alwaysAllowWithAnonymous() {
        return anonymousAuth.get() && modes().contains("AlwaysAllow");
    }

    boolean noServiceRange() {
        return serviceRange.get().isEmpty();
    }

    private List<String> modes() {
        return authorizationMode.get().isEmpty() ? List.of("AlwaysAllow") : authorizationMode.get();
    }

    /**
     * What the flags say, once they make sense.
     *
     * @throws IllegalArgumentException with all that is wrong, as upstream words it
     */
    ApiServerConfig config() {
        List<String> errors = new ArrayList<>();
        for (Flag<?> flag : absent) {
            if (flag.changed()) {
                errors.add("--" + flag.name() + " is not supported yet");
            }
        }
        checkRequired(errors);
        for (String mode : modes()) {
            switch (mode) {
                case "AlwaysAllow", "AlwaysDeny", "Node", "RBAC" -> {}
                case "ABAC", "Webhook" ->
                        errors.add("authorization-mode " + mode + " is not supported yet");
                default -> errors.add("authorization-mode \"" + mode + "\" is not a valid mode");
            }
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(aggregate(errors));
        }
        AdmissionPlugins.check(enablePlugins.get(), disablePlugins.get());
        String[] ports = nodePorts.get().split("-");
        int first = Integer.parseInt(ports[0].strip());
        int last = Integer.parseInt(ports[ports.length - 1].strip());
        return new ApiServerConfig(
                serving(),
                etcd(),
                authentication(),
                tokens(),
                modes(),
                new ApiServerConfig.Admission(
                        enablePlugins.get(),
                        disablePlugins.get(),
                        notReady.get(),
                        unreachable.get()),
                new ApiServerConfig.Network(
                        noServiceRange()
                                ? List.of("10.0.0.0/24")
                                : List.of(serviceRange.get().split(",")),
                        first,
                        last - first + 1,
                        allowPrivileged.get()),
                runtimeConfig.get(),
                new ApiServerConfig.Limits(
                        maxInFlight.get(),
                        maxMutating.get(),
                        requestTimeout.get(),
                        SHUTDOWN_GRACE.plus(shutdownDelay.get())));
    }

    private void checkRequired(List<String> errors) {
        if (etcdServers.get().isEmpty()) {
            errors.add("--etcd-servers must be specified");
        }
        if (!List.of("", "etcd3").contains(storageBackend.get())) {
            errors.add(
                    "--storage-backend invalid, allowed values: etcd3. If not specified, it will"
                            + " default to 'etcd3'");
        }
        String media = storageMediaType.get();
        if (!List.of("application/json", "application/vnd.kubernetes.protobuf").contains(media)) {
            errors.add(
                    "--storage-media-type \""
                            + media
                            + "\" invalid, allowed values: application/json,"
                            + " application/vnd.kubernetes.protobuf");
        }
        if (securePort.get() < 0 || securePort.get() > LAST_PORT) {
            errors.add(
                    "--secure-port "
                            + securePort.get()
                            + " must be between 1 and 65535, inclusive. It cannot be turned off"
                            + " with 0");
        }
        for (String key : runtimeConfig.get().keySet()) {
            if (key.indexOf('/') < 0 && !key.equals("v1")) {
                errors.add("runtime-config invalid key " + key);
            }
        }
        if (issuers.get().isEmpty()) {
            errors.add("service-account-issuer is a required flag");
        }
        if (verifyingKeys.get().isEmpty() && signingKey.get().isEmpty()) {
            errors.add(
                    "either `--service-account-key-file` or `--service-account-signing-endpoint`"
                            + " must be set");
        }
        if (signingKey.get().isEmpty() || issuers.get().isEmpty()) {
            errors.add(
                    "--service-account-signing-key-file, --service-account-issuer, and"
                            + " --api-audiences should be specified together");
        }
        if (tlsCertFile.get().isEmpty() != tlsKeyFile.get().isEmpty()) {
            errors.add("--tls-cert-file and --tls-private-key-file must be given together");
        }
    }

    private static String aggregate(List<String> errors) {
        return errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
    }

    private ApiServerConfig.Serving serving() {
        return new ApiServerConfig.Serving(
                address(bindAddress),
                securePort.get(),
                advertiseAddress.get().isEmpty() ? null : address(advertiseAddress),
                externalHostname.get(),
                path(tlsCertFile),
                path(tlsKeyFile),
                path(certDir));
    }

    private ApiServerConfig.Etcd etcd() {
        return new ApiServerConfig.Etcd(
                etcdServers.get(),
                path(etcdCa),
                path(etcdCert),
                path(etcdKey),
                etcdPrefix.get(),
                storageMediaType.get(),
                path(encryption),
                eventTtl.get());
    }

    private ApiServerConfig.AuthenticationFiles authentication() {
        return new ApiServerConfig.AuthenticationFiles(
                path(clientCa),
                path(frontProxyCa),
                new FrontProxyAuthenticator.Settings(
                        frontProxyNames.get(),
                        frontProxyUsers.get(),
                        frontProxyUids.get(),
                        frontProxyGroups.get(),
                        frontProxyExtra.get()),
                path(tokenFile),
                bootstrapTokens.get(),
                anonymousAuth.get() && !modes().contains("AlwaysAllow"));
    }

    private ApiServerConfig.Tokens tokens() {
        List<String> keys =
                verifyingKeys.get().isEmpty() ? List.of(signingKey.get()) : verifyingKeys.get();
        return new ApiServerConfig.Tokens(
                issuers.get(),
                keys.stream().map(Path::of).toList(),
                path(signingKey),
                audiences.get().isEmpty() ? List.of(issuers.get().getFirst()) : audiences.get(),
                jwksUri.get(),
                lookup.get(),
                maxExpiration.get(),
                extendExpiration.get());
    }

    private static @Nullable Path path(Flag<String> flag) {
        return flag.get().isEmpty() ? null : Path.of(flag.get());
    }

    private static InetAddress address(Flag<String> flag) {
        try {
            return InetAddress.ofLiteral(flag.get());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid argument \""
                            + flag.get()
                            + "\" for \"--"
                            + flag.name()
                            + "\" flag: failed to parse IP: \""
                            + flag.get()
                            + "\"",
                    e);
        }
    }
}
