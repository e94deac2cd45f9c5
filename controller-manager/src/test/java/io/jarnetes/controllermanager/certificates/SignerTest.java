package io.jarnetes.controllermanager.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import io.jarnetes.pki.Profiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignerTest {

    private final KeyPair keys = Algorithm.ECDSA_P256.generate();
    private final CertificateAuthority authority =
            CertificateAuthority.create(
                    "CA", false, keys, Duration.ofDays(10), Clock.systemUTC(), new SecureRandom());

    private static String pem(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private Signer signer() throws Exception {
        return new Signer(
                pem("CERTIFICATE", authority.certificate().getEncoded()),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()),
                Duration.ofDays(365));
    }

    private static Request request(String signer, int seconds, String... usages)
            throws IOException {
        String pem =
                pem(
                        "CERTIFICATE REQUEST",
                        CertificateAuthority.request(
                                Profiles.node("node-0"), Algorithm.ECDSA_P256.generate()));
        return Request.of(
                KubeObject.of(
                        Json.of(
                                "metadata",
                                Json.of("name", "r"),
                                "spec",
                                Json.of(
                                        "request",
                                        Base64.getEncoder()
                                                .encodeToString(
                                                        pem.getBytes(StandardCharsets.US_ASCII)),
                                        "signerName",
                                        signer,
                                        "expirationSeconds",
                                        seconds,
                                        "username",
                                        "system:node:node-0",
                                        "usages",
                                        List.of(usages)))));
    }

    @Test
    void signsWhatIsAskedForAndNeverACa() throws Exception {
        Instant now = Instant.now();
        String text =
                signer().sign(
                                request(Request.CLIENT, 3600, "client auth", "digital signature"),
                                now);
        X509Certificate signed = Pem.certificates(text, "test").getFirst();
        signed.verify(authority.certificate().getPublicKey());
        assertThat(signed.getSubjectX500Principal().getName()).contains("system:node:node-0");
        assertThat(signed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(signed.getBasicConstraints()).isEqualTo(-1);
        assertThat(signed.getNotAfter().toInstant())
                .isBetween(now.plusSeconds(3598), now.plusSeconds(3600));
    }

    @Test
    void noCertificateOutlivesTheAuthority() throws Exception {
        String text = signer().sign(request(Request.CLIENT, 0, "client auth"), Instant.now());
        assertThat(Pem.certificates(text, "test").getFirst().getNotAfter())
                .isEqualTo(authority.certificate().getNotAfter());
    }

    @Test
    void signersRefuseWhatIsNotTheirs() throws IOException {
        assertThat(request(Request.CLIENT, 0, "server auth").refusal())
                .isEqualTo("invalid usage for client certificate: server auth");
        Request serving = request(Request.KUBELET_SERVING, 0, "server auth", "digital signature");
        assertThat(serving.refusal()).isNotNull();
        assertThat(serving.self()).isTrue();
        assertThatThrownBy(() ->
                        Request.of(KubeObject.of(Json.of("spec", Json.of("request", "eA==")))))
                .isInstanceOf(IOException.class);
    }
}
