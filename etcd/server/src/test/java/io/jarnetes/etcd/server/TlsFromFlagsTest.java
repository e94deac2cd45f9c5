package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flags of TLS, and upstream's words for those that do not go together. */
class TlsFromFlagsTest {
    private static TlsFromFlags of(String... args) throws Exception {
        EtcdFlags flags = new EtcdFlags();
        flags.flags.parse(List.of(args));
        return new TlsFromFlags(flags);
    }

    @Test
    void everyFlagHasItsPlace() throws Exception {
        EtcdConfig.Tls peers =
                of(
                                "--peer-cert-file=c",
                                "--peer-key-file=k",
                                "--peer-trusted-ca-file=ca",
                                "--peer-client-cert-auth",
                                "--peer-client-cert-file=dc",
                                "--peer-client-key-file=dk",
                                "--peer-crl-file=crl",
                                "--peer-cert-allowed-cn=one,two")
                        .ofPeers();
        assertThat(peers.cert()).isEqualTo(Path.of("c"));
        assertThat(peers.dialling())
                .isEqualTo(new EtcdConfig.Dialling(Path.of("dc"), Path.of("dk")));
        assertThat(peers.admission())
                .isEqualTo(
                        new EtcdConfig.Admission(
                                Path.of("crl"), List.of("one", "two"), List.of(), false));
        assertThat(peers.spoken().versions()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(peers.spoken().cipherSuites()).isEmpty();
    }

    @Test
    void peersMayBeLetComeFromAnyHost() throws Exception {
        assertThat(of().ofPeers().admission().fromAnyHost()).isFalse();
        for (String prefix : List.of("--", "--experimental-")) {
            String flag = prefix + "peer-skip-client-san-verification";
            assertThat(of(flag).ofPeers().admission().fromAnyHost()).isTrue();
        }
    }

    @Test
    void versionsAndSuitesAreOfBothSides() throws Exception {
        TlsFromFlags flags =
                of(
                        "--tls-max-version=TLS1.2",
                        "--cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305,"
                                + "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(flags.ofClients().spoken()).isEqualTo(flags.ofPeers().spoken());
        assertThat(flags.ofClients().spoken().versions()).containsExactly("TLSv1.2");
        assertThat(flags.ofClients().spoken().cipherSuites())
                .containsExactly(
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(of("--tls-min-version=TLS1.3").ofClients().spoken().versions())
                .containsExactly("TLSv1.3");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        refuses("unexpected TLS version \"TLS1.1\"", "--tls-min-version=TLS1.1");
        refuses(
                "min version (TLS1.3) is greater than max version (TLS1.2)",
                "--tls-min-version=TLS1.3",
                "--tls-max-version=TLS1.2");
        refuses(
                "cipher suites cannot be configured when only TLS1.3 is enabled",
                "--tls-min-version=TLS1.3",
                "--cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        refuses("unexpected TLS cipher suite \"NONE\"", "--cipher-suites=NONE");
        refuses("mutually exclusive", "--peer-cert-allowed-cn=a", "--peer-cert-allowed-hostname=b");
        refuses("--peer-client-key-file is \"\"", "--peer-client-cert-file=c");
    }

    private static void refuses(String why, String... args) {
        assertThatThrownBy(() -> of(args).ofPeers())
                .isInstanceOf(BootException.class)
                .hasMessageContaining(why);
    }
}
