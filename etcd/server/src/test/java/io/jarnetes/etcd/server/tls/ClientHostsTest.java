package io.jarnetes.etcd.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import io.jarnetes.pki.Profile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientHostsTest {
    private static final CertificateAuthority CA =
            CertificateAuthority.create(
                    "ca",
                    false,
                    Algorithm.ECDSA_P256.generate(),
                    Duration.ofDays(1),
                    Clock.systemUTC(),
                    new SecureRandom());

    /** What there is in these tests. */
    private static final class Names implements HostResolver {
        private static final Map<String, List<String>> NAMES =
                Map.of("10.0.0.1", List.of("gone.example.", "m1.etcd.example."));
        private static final Map<String, List<String>> ADDRESSES =
                Map.of("m2", List.of("10.0.0.3", "10.0.0.2"), "m6", List.of("fd00::6"));

        @Override
        public List<String> names(InetAddress address) throws UnknownHostException {
            List<String> found = NAMES.get(address.getHostAddress());
            if (found == null) {
                throw new UnknownHostException("no name");
            }
            return found;
        }

        @Override
        public List<InetAddress> addresses(String name) throws UnknownHostException {
            List<String> found = ADDRESSES.get(name);
            if (found == null) {
                throw new UnknownHostException("no address of " + name);
            }
            return found.stream().map(InetAddress::ofLiteral).toList();
        }
    }

    private static X509Certificate certificate(String hosts) {
        return CA.issue(
                new Profile(
                        "peer",
                        Profile.Authority.ETCD,
                        "peer",
                        List.of(),
                        false,
                        Set.of(Profile.Usage.CLIENT, Profile.Usage.SERVER),
                        hosts.isEmpty() ? List.of() : List.of(hosts.split(" "))),
                Algorithm.ECDSA_P256.generate().getPublic(),
                Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "'' | 10.0.0.1 | -",
                "10.0.0.1 | 10.0.0.1 | -",
                "10.0.0.7 10.0.0.8 | 10.0.0.1 | 'x509: certificate is valid for 10.0.0.7, 10.0.0.8,"
                        + " not 10.0.0.1'",
                "fd00::6 | fd00::6 | -",
                "10.0.0.7 m2 | 10.0.0.2 | -",
                "m1.etcd.example | 10.0.0.1 | -",
                "*.etcd.example | 10.0.0.1 | -",
                "*.example | 10.0.0.1 | -",
                "m2 | 10.0.0.2 | -",
                "m6 | fd00::6 | -",
                "m2 | 10.0.0.1 | 'tls: \"10.0.0.1\" does not match any of DNSNames [\"m2\"]'",
                "m2 | 10.0.0.9 | 'tls: \"10.0.0.9\" does not match any of DNSNames [\"m2\"] (no"
                        + " name)'",
                "*.other m3 | 10.0.0.1 | 'tls: \"10.0.0.1\" does not match any of DNSNames"
                        + " [\"*.other\" \"m3\"] (no address of m3)'",
            })
    void refusesWhoComesFromElsewhere(String hosts, String from, String refusal) {
        ClientHosts clients = new ClientHosts(new Names(), Runnable::run);
        assertThat(clients.refusal(certificate(hosts), InetAddress.ofLiteral(from)))
                .isEqualTo(refusal);
    }

    @Test
    void theFileOfHostsComesFirst(@TempDir Path dir) throws Exception {
        Path hosts = dir.resolve("hosts");
        Files.writeString(
                hosts,
                """
                # a comment
                10.0.0.1  m1 m1.example # m9
                fd00::1   six
                nonsense  m8
                10.0.0.1  again
                """);
        SystemResolver resolver = new SystemResolver(hosts);
        assertThat(resolver.names(InetAddress.ofLiteral("10.0.0.1")))
                .containsExactly("m1", "m1.example", "again");
        assertThat(resolver.names(InetAddress.ofLiteral("fd00:0::1"))).containsExactly("six");
        assertThat(resolver.addresses("localhost")).contains(InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void pointersAreBackwards() {
        assertThat(SystemResolver.pointerName(InetAddress.ofLiteral("10.0.2.1")))
                .isEqualTo("1.2.0.10.in-addr.arpa");
        assertThat(SystemResolver.pointerName(InetAddress.ofLiteral("fd00::1a")))
                .isEqualTo("a.1" + ".0".repeat(28) + ".d.f.ip6.arpa");
    }
}
