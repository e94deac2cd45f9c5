package io.jarnetes.etcd.server;

import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.tls.Tls.Protocol;
import io.jarnetes.etcd.server.EtcdConfig.Admission;
import io.jarnetes.etcd.server.EtcdConfig.Dialling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the flags say of TLS. */
final class TlsFromFlags {
    private static final List<String> VERSIONS = List.of("TLS1.2", "TLS1.3");

    /** Those of TLS 1.3 aren't for choosing: they are always there. */
    private static final List<String> SUITES_OF_1_3 =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /** Go's names; two of them are short for what the standard says. */
    private static final Set<String> SUITES =
            Set.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
                    "TLS_RSA_WITH_RC4_128_SHA",
                    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                    "TLS_RSA_WITH_AES_128_CBC_SHA",
                    "TLS_RSA_WITH_AES_256_CBC_SHA",
                    "TLS_RSA_WITH_AES_128_CBC_SHA256",
                    "TLS_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
                    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
                    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

    private final EtcdFlags f;

    TlsFromFlags(EtcdFlags flags) {
        this.f = flags;
    }

    EtcdConfig.Tls ofClients() {
        return tls(
                pair(f.certFile, f.keyFile),
                f.trustedCa.get(),
                f.clientCertAuth.get(),
                f.autoTls.get(),
                pair(f.clientCertFile, f.clientKeyFile),
                new Admission(
                        path(f.clientCrlFile.get()),
                        List.of(),
                        words(f.clientAllowedHostname.get()),
                        true));
    }

    EtcdConfig.Tls ofPeers() {
        List<String> commonNames = words(f.peerAllowedCn.get());
        List<String> hostNames = words(f.peerAllowedHostname.get());
        if (!commonNames.isEmpty() && !hostNames.isEmpty()) {
            throw new BootException(
                    "AllowedCNs and AllowedHostnames are mutually exclusive (cns="
                            + commonNames
                            + ", hostnames="
                            + hostNames
                            + "): give --peer-cert-allowed-cn or --peer-cert-allowed-hostname");
        }
        return tls(
                pair(f.peerCertFile, f.peerKeyFile),
                f.peerTrustedCa.get(),
                f.peerClientCertAuth.get(),
                f.peerAutoTls.get(),
                pair(f.peerClientCertFile, f.peerClientKeyFile),
                new Admission(
                        path(f.peerCrlFile.get()),
                        commonNames,
                        hostNames,
                        f.peerSkipClientSan.get() || f.peerSkipClientSanOld.get()));
    }

    private EtcdConfig.Tls tls(
            @Nullable Dialling own,
            String ca,
            boolean clientCertAuth,
            boolean auto,
            @Nullable Dialling dialling,
            Admission admission) {
        if (clientCertAuth && ca.isEmpty() && !auto) {
            throw new BootException(
                    "client certificates are to be verified, but no trusted-ca-file is given");
        }
        return new EtcdConfig.Tls(
                own == null ? null : own.cert(),
                own == null ? null : own.key(),
                path(ca),
                clientCertAuth,
                auto,
                dialling,
                admission,
                spoken());
    }

    private static @Nullable Dialling pair(Flag<String> cert, Flag<String> key) {
        if (cert.get().isEmpty() != key.get().isEmpty()) {
            throw new BootException(
                    "a certificate and its key go together: --"
                            + cert.name()
                            + " is \""
                            + cert.get()
                            + "\", --"
                            + key.name()
                            + " is \""
                            + key.get()
                            + "\"");
        }
        return cert.get().isEmpty() ? null : new Dialling(Path.of(cert.get()), Path.of(key.get()));
    }

    private static @Nullable Path path(String text) {
        return text.isEmpty() ? null : Path.of(text);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private Protocol spoken() {
        int least = f.tlsMinVersion.get().isEmpty() ? 0 : version(f.tlsMinVersion.get());
        int most = f.tlsMaxVersion.get().isEmpty() ? 1 : version(f.tlsMaxVersion.get());
        if (least > most) {
            throw new BootException(
                    "min version ("
                            + f.tlsMinVersion.get()
                            + ") is greater than max version ("
                            + f.tlsMaxVersion.get()
                            + ")");
        }
        List<String> chosen = words(f.cipherSuites.get());
        if (least == 1 && !chosen.isEmpty()) {
            throw new BootException(
                    "cipher suites cannot be configured when only TLS1.3 is enabled");
        }
        List<String> versions =
                VERSIONS.subList(least, most + 1).reversed().stream()
                        .map(v -> v.replace("TLS", "TLSv"))
                        .toList();
        return new Protocol(versions, suites(chosen, most));
    }

    private static int version(String text) {
        int found = VERSIONS.indexOf(text);
        if (found < 0) {
            throw new BootException(
                    "unexpected TLS version \"" + text + "\" (must be one of: TLS1.2, TLS1.3)");
        }
        return found;
    }

    private static List<String> suites(List<String> chosen, int most) {
        if (chosen.isEmpty()) {
            return List.of();
        }
        List<String> suites = new ArrayList<>(most == 1 ? SUITES_OF_1_3 : List.of());
        for (String name : chosen) {
            if (!SUITES.contains(name)) {
                throw new BootException("unexpected TLS cipher suite \"" + name + "\"");
            }
            String full = name.endsWith("_POLY1305") ? name + "_SHA256" : name;
            if (!suites.contains(full)) {
                suites.add(full);
            }
        }
        return suites;
    }
}
