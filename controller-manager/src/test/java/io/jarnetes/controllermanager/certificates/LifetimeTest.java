package io.jarnetes.controllermanager.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Transcripts;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifetimeTest {

    private static KubeObject request(String status) {
        return KubeObject.of(
                Transcripts.yaml(
                        "{metadata: {name: r, creationTimestamp: '2026-01-01T00:00:00Z'}, status:"
                                + " {%s}}".formatted(status)));
    }

    /** Hours after its creation; decisions come two hours after it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 24",
                "conditions: [{type: Approved, lastUpdateTime: T}] | 26",
                "conditions: [{type: Approved, lastUpdateTime: T}], certificate: eA== | 3",
                "conditions: [{type: Denied, lastUpdateTime: T}] | 3",
                "conditions: [{type: Failed, lastUpdateTime: T}] | 3",
                "conditions: [{type: Approved, lastUpdateTime: T}, {type: Failed, lastUpdateTime:"
                        + " T}] | 3",
                "conditions: [{type: Approved}] | never",
            })
    void requestsStayForAWhile(String status, String hours) {
        Instant end = Lifetime.end(request(status.replace("T}", "'2026-01-01T02:00:00Z'}")));
        Instant wanted =
                hours.equals("never")
                        ? null
                        : Instant.parse("2026-01-01T00:00:00Z")
                                .plus(Duration.ofHours(Long.parseLong(hours)));
        assertThat(end).isEqualTo(wanted);
    }

    @Test
    void aCertificateThatIsPastTakesItsRequestAlong() throws CertificateEncodingException {
        Instant begin = Instant.parse("2026-01-01T02:00:00Z");
        byte[] der =
                CertificateAuthority.create(
                                "CA",
                                false,
                                Algorithm.ECDSA_P256.generate(),
                                Duration.ofMinutes(10),
                                Clock.fixed(begin, ZoneOffset.UTC),
                                new SecureRandom())
                        .certificate()
                        .getEncoded();
        String pem =
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE-----\n";
        Instant end =
                Lifetime.end(
                        request(
                                ("conditions: [{type: Approved, lastUpdateTime:"
                                                + " '2026-01-01T02:00:00Z'}], certificate: '%s'")
                                        .formatted(
                                                Base64.getEncoder()
                                                        .encodeToString(
                                                                pem.getBytes(
                                                                        StandardCharsets
                                                                                .US_ASCII)))));
        assertThat(end).isBetween(begin, begin.plus(Duration.ofMinutes(10)));
    }
}
