package io.jarnetes.base.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Whether a certificate names a host, by subject alternative names alone (Go ignores the common
 * name since 1.15).
 */
final class Hosts {

    private static final int DNS = 2;
    private static final int IP = 7;

    private Hosts() {}

    static void verify(X509Certificate certificate, String host) throws CertificateException {
        String wanted = bare(host);
        boolean address = isAddress(wanted);
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                int kind = (Integer) name.get(0);
                String value = String.valueOf(name.get(1));
                if (address && kind == IP && sameAddress(value, wanted)) {
                    return;
                }
                if (!address && kind == DNS && matches(value, wanted)) {
                    return;
                }
            }
        }
        throw new CertificateException(
                "x509: certificate is valid for " + names + ", not " + wanted);
    }

    private static String bare(String host) {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    private static boolean sameAddress(String left, String right) {
        return java.net.InetAddress.ofLiteral(left).equals(java.net.InetAddress.ofLiteral(right));
    }

    /** A star stands for one whole label at the left. */
    private static boolean matches(String pattern, String host) {
        String left = pattern.toLowerCase(Locale.ROOT);
        String right = host.toLowerCase(Locale.ROOT);
        if (!left.startsWith("*.")) {
            return left.equals(right);
        }
        int dot = right.indexOf('.');
        return dot > 0 && left.substring(1).equals(right.substring(dot));
    }
}
