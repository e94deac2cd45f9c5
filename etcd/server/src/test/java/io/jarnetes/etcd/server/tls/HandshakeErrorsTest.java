package io.jarnetes.etcd.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the two TLS engines say, and what etcd logs. */
class HandshakeErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    Received fatal alert: bad_certificate|remote error: tls: bad certificate
                    Received fatal alert: unknown_ca|remote error: tls: unknown certificate authority
                    error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA|remote error: tls: unknown certificate authority
                    error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE|remote error: tls: bad certificate
                    error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE|tls: client didn't provide a certificate
                    Empty client certificate chain|tls: client didn't provide a certificate
                    no cipher suites in common|tls: no cipher suite supported by both client and server
                    something else|something else
                    """)
    void enginesWords(String theirs, String etcds) {
        assertThat(HandshakeErrors.text(new SSLHandshakeException(theirs))).isEqualTo(etcds);
    }

    @Test
    void causes() {
        assertThat(HandshakeErrors.text(new ClosedChannelException())).isEqualTo("EOF");
        SSLHandshakeException refused = new SSLHandshakeException("General OpenSslEngine problem");
        refused.initCause(
                new CertificateException("x509: certificate signed by unknown authority"));
        assertThat(HandshakeErrors.text(refused))
                .isEqualTo(
                        "tls: failed to verify certificate: x509: certificate signed by unknown"
                                + " authority");
    }
}
