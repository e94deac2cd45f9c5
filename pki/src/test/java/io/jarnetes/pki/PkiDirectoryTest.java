package io.jarnetes.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made is judged by openssl. */
class PkiDirectoryTest {

    private static final List<String> LEAVES =
            List.of(
                    "admin",
                    "node-0",
                    "node-1",
                    "kube-proxy",
                    "kube-scheduler",
                    "kube-controller-manager",
                    "kube-api-server",
                    "service-accounts");
    private static final List<String> ETCD_LEAVES =
            List.of("etcd/server", "etcd/peer", "etcd/healthcheck-client", "apiserver-etcd-client");

    @TempDir Path dir;
    private final PkiOptions options = PkiOptions.workshop();

    private PkiDirectory pki() {
        return new PkiDirectory(dir, Clock.systemUTC(), new SecureRandom());
    }

    private String openssl(String words) throws Exception {
        return new PkiFolder(dir).openssl(words);
    }

    private Map<String, String> contents() throws IOException {
        return new PkiFolder(dir).contents();
    }

    @Test
    void everythingOfTheWorkshopIsMadeAndVerifies() throws Exception {
        pki().init(options);
        for (String leaf : LEAVES) {
            assertThat(openssl("verify -x509_strict -CAfile ca.crt " + leaf + ".crt"))
                    .contains(leaf + ".crt: OK");
            assertThat(openssl("req -verify -noout -in " + leaf + ".csr")).contains("verify OK");
        }
        for (String leaf : ETCD_LEAVES) {
            assertThat(openssl("verify -x509_strict -CAfile etcd/ca.crt " + leaf + ".crt"))
                    .contains(leaf + ".crt: OK");
        }
        assertThat(contents().keySet())
                .contains(
                        "admin.kubeconfig",
                        "node-0.kubeconfig",
                        "node-1.kubeconfig",
                        "kube-proxy.kubeconfig",
                        "kube-scheduler.kubeconfig",
                        "kube-controller-manager.kubeconfig",
                        "encryption-config.yaml")
                .doesNotContain("service-accounts.kubeconfig", "kube-api-server.kubeconfig");
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ECDSA_P256", "RSA_2048"})
    void keysAreThoseOfTheirCertificates(Algorithm algorithm) throws Exception {
        pki().init(
                        new PkiOptions(
                                algorithm,
                                options.validity(),
                                options.hosts(),
                                options.nodes(),
                                options.adminServer(),
                                options.componentServer()));
        for (String name : List.of("ca", "admin", "etcd/server")) {
            assertThat(openssl("pkey -in " + name + ".key -check -noout")).contains("is valid");
            assertThat(openssl("pkey -in " + name + ".key -pubout"))
                    .isEqualTo(openssl("x509 -in " + name + ".crt -noout -pubkey"));
        }
        if (algorithm == Algorithm.ECDSA_P256) {
            // The point stands in the file: nobody has to compute it.
            assertThat(openssl("asn1parse -strparse 27 -in admin.key")).contains("BIT STRING");
        }
    }

    @Test
    void subjectsUsagesAndNamesAreTheHardWays() throws Exception {
        pki().init(options);
        assertThat(openssl("x509 -in admin.crt -noout -subject -nameopt RFC2253"))
                .contains("O=system:masters,CN=admin");
        assertThat(openssl("x509 -in node-0.crt -noout -subject -nameopt RFC2253"))
                .contains("L=Taichung,ST=Taiwan,C=TW,O=system:nodes,CN=system:node:node-0");
        assertThat(openssl("x509 -in kube-scheduler.crt -noout -subject -nameopt RFC2253"))
                .contains("O=system:kube-scheduler,CN=system:kube-scheduler");
        assertThat(openssl("x509 -in kube-api-server.crt -noout -text"))
                .contains("TLS Web Client Authentication, TLS Web Server Authentication")
                .contains("Digital Signature, Key Encipherment")
                .contains("DNS:kubernetes.default.svc,")
                .contains("IP Address:10.32.0.1")
                .contains("IP Address:10.0.0.1")
                .doesNotContain("Netscape");
        assertThat(openssl("x509 -in admin.crt -noout -text"))
                .contains("TLS Web Client Authentication\n")
                .doesNotContain("Server Authentication");
        assertThat(openssl("x509 -in ca.crt -noout -text"))
                .contains("CA:TRUE")
                .contains("Certificate Sign, CRL Sign");
    }

    @Test
    void keysAndWhatHoldsThemAreForTheOwnerAlone() throws Exception {
        pki().init(options);
        for (String name : contents().keySet()) {
            boolean secret =
                    name.endsWith(".key")
                            || name.endsWith(".kubeconfig")
                            || name.equals("encryption-config.yaml");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(dir.resolve(name))))
                    .as(name)
                    .isEqualTo(secret ? "rw-------" : "rw-r--r--");
        }
    }

    @Test
    void aSecondTimeChangesNothing() throws Exception {
        pki().init(options);
        Map<String, String> before = contents();
        pki().init(options);
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void whatIsMissingIsMadeAgain() throws Exception {
        pki().init(options);
        Map<String, String> before = contents();
        Files.delete(dir.resolve("admin.crt"));
        Files.delete(dir.resolve("admin.key"));
        Files.delete(dir.resolve("admin.kubeconfig"));
        pki().init(options);
        assertThat(contents().get("ca.crt")).isEqualTo(before.get("ca.crt"));
        assertThat(openssl("verify -CAfile ca.crt admin.crt")).contains("OK");
    }

    @Test
    void aCertificateWithoutItsKeyIsAnError() throws Exception {
        pki().init(options);
        Files.delete(dir.resolve("admin.key"));
        assertThatThrownBy(() -> pki().init(options))
                .isInstanceOf(PkiException.class)
                .hasMessageStartingWith("admin.crt stands without admin.key in");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void renewalKeepsAuthorityAndAskedNames(boolean newKeys) throws Exception {
        PkiOptions more =
                new PkiOptions(
                        Algorithm.ECDSA_P256,
                        Duration.ofDays(1),
                        List.of("k8s.example", "192.0.2.1"),
                        options.nodes(),
                        options.adminServer(),
                        options.componentServer());
        pki().init(more);
        Map<String, String> before = contents();
        List<String> renewed =
                pki().renew(options, Profiles.all(options.nodes(), List.of()), newKeys);
        Map<String, String> after = contents();
        assertThat(renewed).contains("kube-api-server", "etcd/peer").doesNotContain("ca");
        assertThat(after.get("ca.crt")).isEqualTo(before.get("ca.crt"));
        assertThat(java.util.Objects.equals(after.get("admin.key"), before.get("admin.key")))
                .isEqualTo(!newKeys);
        assertThat(openssl("verify -CAfile ca.crt kube-api-server.crt")).contains("OK");
        assertThat(openssl("x509 -in kube-api-server.crt -noout -text"))
                .contains("DNS:k8s.example", "IP Address:192.0.2.1");
        assertThat(after.get("admin.kubeconfig")).contains("server: https://127.0.0.1:6443");
        assertThat(after.get("admin.kubeconfig")).isNotEqualTo(before.get("admin.kubeconfig"));
        X509Certificate admin = PemFiles.certificate(dir.resolve("admin.crt"));
        assertThat(pki().left(admin)).isGreaterThan(Duration.ofDays(3650));
    }

    @Test
    void rsaIsMadeWhenAsked() throws Exception {
        PkiOptions rsa =
                new PkiOptions(
                        Algorithm.named("rsa-2048"),
                        Duration.ofDays(1),
                        List.of(),
                        List.of(),
                        "https://127.0.0.1:6443",
                        "https://127.0.0.1:6443");
        pki().issue(rsa, List.of(Profiles.admin()));
        assertThat(openssl("x509 -in admin.crt -noout -text")).contains("2048 bit");
        assertThat(openssl("verify -CAfile ca.crt admin.crt")).contains("OK");
        assertThatThrownBy(() -> Algorithm.named("dsa"))
                .hasMessage("unknown algorithm \"dsa\": use one of ecdsa-p256, rsa-2048, rsa-4096");
    }

    @Test
    void anEmptyDirectorySaysWhatToDo() {
        assertThatThrownBy(() -> pki().entries()).hasMessageContaining("jarnetes pki init --out");
    }

    @Test
    void aSelfSignedCertificateServesItsHosts() throws Exception {
        Path certificate = dir.resolve("apiserver.crt");
        SelfSigned.ensure(
                certificate,
                dir.resolve("apiserver.key"),
                List.of("127.0.0.1", "localhost"),
                Clock.systemUTC(),
                new SecureRandom());
        String first = Files.readString(certificate);
        SelfSigned.ensure(
                certificate,
                dir.resolve("apiserver.key"),
                List.of("x"),
                Clock.systemUTC(),
                new SecureRandom());
        assertThat(Files.readString(certificate)).isEqualTo(first);
        assertThat(openssl("x509 -in apiserver.crt -noout -text")).contains("DNS:localhost");
    }
}
