package io.jarnetes.etcd.server.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a handshake failed, in the words of Go's crypto/tls, which etcd's logs are searched for. Both
 * the JDK's texts and BoringSSL's are known; what isn't stays as it is.
 */
final class HandshakeErrors {
    /** {@code Received fatal alert: unknown_ca}, {@code ...:TLSV1_ALERT_UNKNOWN_CA}. */
    private static final Pattern ALERT =
            Pattern.compile("(?:Received fatal alert: |:(?:SSLV3|TLSV1)_ALERT_)([A-Za-z_]+)");

    /** Alerts whose text there isn't their name in the standard. */
    private static final Map<String, String> ALERTS =
            Map.of(
                    "unknown_ca", "unknown certificate authority",
                    "certificate_unknown", "unknown certificate",
                    "certificate_expired", "expired certificate",
                    "certificate_revoked", "revoked certificate",
                    "protocol_version", "protocol version not supported",
                    "decrypt_error", "error decrypting message");

    private static final Map<String, String> LOCAL =
            Map.of(
                    "PEER_DID_NOT_RETURN_A_CERTIFICATE", "client didn't provide a certificate",
                    "Empty client certificate chain", "client didn't provide a certificate",
                    "NO_SHARED_CIPHER", "no cipher suite supported by both client and server",
                    "no cipher suites in common",
                            "no cipher suite supported by both client and server",
                    "UNSUPPORTED_PROTOCOL", "client offered only unsupported versions",
                    "is not enabled or supported in server context",
                            "client offered only unsupported versions");

    private HandshakeErrors() {}

    static String text(Throwable failure) {
        if (failure instanceof NotSslRecordException) {
            return "tls: first record does not look like a TLS handshake";
        }
        if (failure instanceof ClosedChannelException) {
            return "EOF";
        }
        if (failure instanceof SslHandshakeTimeoutException) {
            return "i/o timeout";
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof RefusedCertificateException) {
                return String.valueOf(t.getMessage());
            }
            if (t instanceof CertificateException) {
                return "tls: failed to verify certificate: " + t.getMessage();
            }
        }
        return text(String.valueOf(failure.getMessage()));
    }

    private static String text(String message) {
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            String name = alert.group(1).toLowerCase(Locale.ROOT);
            return "remote error: tls: " + ALERTS.getOrDefault(name, name.replace('_', ' '));
        }
        for (Map.Entry<String, String> known : LOCAL.entrySet()) {
            if (message.contains(known.getKey())) {
                return "tls: " + known.getValue();
            }
        }
        return message;
    }
}
