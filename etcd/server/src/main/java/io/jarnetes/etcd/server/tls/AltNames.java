package io.jarnetes.etcd.server.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** A certificate's alternative names. */
final class AltNames {
    private static final int DNS = 2;
    private static final int IP = 7;

    private AltNames() {}

    /** Names of hosts, in the certificate's order. */
    static List<String> dns(X509Certificate certificate) {
        return names(certificate, DNS);
    }

    /** Addresses as Go writes them, {@code ::1}. */
    static List<String> ip(X509Certificate certificate) {
        return names(certificate, IP).stream()
                .map(name -> NetUtil.toAddressString(InetAddress.ofLiteral(name)))
                .toList();
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null
                    ? List.of()
                    : all.stream()
                            .filter(name -> name.get(0).equals(kind))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
