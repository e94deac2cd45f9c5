package io.jarnetes.etcd.server.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client comes from a host that its certificate names, where it names any: upstream's
 * rules for peers. An address must be one of the certificate's, or have one of its names, or be
 * what one of these resolves to.
 *
 * @param resolver of names
 * @param blocking where it may block
 */
public record ClientHosts(HostResolver resolver, Executor blocking) {

    /** Whether it takes no look at any name to know, so that nothing can block. */
    static boolean isPlain(X509Certificate certificate, InetAddress from) {
        return AltNames.dns(certificate).isEmpty()
                || AltNames.ip(certificate).contains(NetUtil.toAddressString(from));
    }

    /** Upstream's words for why it doesn't; null if it does. */
    @Nullable String refusal(X509Certificate certificate, InetAddress from) {
        List<String> addresses = AltNames.ip(certificate);
        List<String> names = AltNames.dns(certificate);
        String host = NetUtil.toAddressString(from);
        if (addresses.contains(host) || (addresses.isEmpty() && names.isEmpty())) {
            return null;
        }
        if (names.isEmpty()) {
            return "x509: certificate is valid for "
                    + String.join(", ", addresses)
                    + ", not "
                    + host;
        }
        return refusal(names, from, host);
    }

    private @Nullable String refusal(List<String> names, InetAddress from, String host) {
        String failure = "";
        try {
            if (resolver.names(from).stream().anyMatch(found -> isNamed(names, found))) {
                return null;
            }
        } catch (UnknownHostException e) {
            failure = " (" + e.getMessage() + ")";
        }
        for (String name : names) {
            if (name.startsWith("*.")) {
                continue;
            }
            try {
                if (resolver.addresses(name).contains(from)) {
                    return null;
                }
            } catch (UnknownHostException e) {
                failure = " (" + e.getMessage() + ")";
            }
        }
        return "tls: \""
                + host
                + "\" does not match any of DNSNames "
                + names.stream().map(n -> '"' + n + '"').collect(Collectors.joining(" ", "[", "]"))
                + failure;
    }

    private static boolean isNamed(List<String> names, String found) {
        String host = found.endsWith(".") ? found.substring(0, found.length() - 1) : found;
        return names.stream()
                .anyMatch(name ->
                        name.startsWith("*.")
                                ? host.endsWith(name.substring(1))
                                : host.equals(name));
    }
}
