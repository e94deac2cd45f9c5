package io.jarnetes.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handshakes with what was made: openssl on one side, Java's own strict checks on the other. */
class HandshakeTest {

    private static final int LIMIT_MILLIS = 10_000;

    @TempDir Path dir;
    private PkiDirectory pki;

    private void init(String algorithm) {
        PkiOptions usual = PkiOptions.workshop();
        pki = new PkiDirectory(dir, Clock.systemUTC(), new SecureRandom());
        pki.init(
                new PkiOptions(
                        Algorithm.named(algorithm),
                        Duration.ofDays(2),
                        List.of("k8s.example", "192.0.2.7"),
                        usual.nodes(),
                        usual.adminServer(),
                        usual.componentServer()));
    }

    @BeforeEach
    void made() {
        init("ecdsa-p256");
    }

    private SSLContext context(String name, String authority) throws Exception {
        X509Certificate certificate = PemFiles.certificate(pki.certificate(name));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "me",
                PemFiles.keys(pki.key(name), certificate.getPublicKey()).getPrivate(),
                new char[0],
                new X509Certificate[] {certificate});
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", PemFiles.certificate(pki.certificate(authority)));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    /** A server in Java, which demands a client's certificate, asked once by openssl's client. */
    private boolean accepts(String server, String serverTrusts, String client, String name)
            throws Exception {
        boolean etcd = server.startsWith("etcd/");
        try (SSLServerSocket listening =
                (SSLServerSocket)
                        context(server, serverTrusts)
                                .getServerSocketFactory()
                                .createServerSocket()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listening.setNeedClientAuth(true);
            listening.setSoTimeout(LIMIT_MILLIS);
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    "openssl",
                                    "s_client",
                                    "-verify_return_error",
                                    "-brief",
                                    "-connect",
                                    "127.0.0.1:" + listening.getLocalPort(),
                                    "-CAfile",
                                    pki.certificate(etcd ? "etcd/ca" : "ca").toString(),
                                    "-cert",
                                    pki.certificate(client).toString(),
                                    "-key",
                                    pki.key(client).toString()));
            boolean address = CertificateAuthority.isAddress(name);
            command.addAll(List.of(address ? "-verify_ip" : "-verify_hostname", name));
            Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
            boolean shaken = shake(listening);
            openssl.getOutputStream().close();
            try (InputStream out = openssl.getInputStream()) {
                String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                openssl.waitFor();
                return shaken && said.contains("Verification: OK");
            }
        }
    }

    private static boolean shake(SSLServerSocket listening) throws IOException {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.startHandshake();
            return true;
        } catch (SSLException e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kube-api-server, admin, kubernetes.default.svc.cluster.local",
        "kube-api-server, kube-controller-manager, kube-apiserver",
        "kube-api-server, kube-scheduler, localhost",
        "kube-api-server, node-0, 127.0.0.1",
        "kube-api-server, kube-proxy, 10.0.0.1",
        "kube-api-server, kube-api-server, k8s.example",
        "kube-api-server, service-accounts, 192.0.2.7",
        "node-1, kube-api-server, node-1",
    })
    void theClustersCertificatesServeAndAsk(String server, String client, String name)
            throws Exception {
        assertThat(accepts(server, "ca", client, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "etcd/server, etcd/healthcheck-client, localhost",
        "etcd/server, apiserver-etcd-client, etcd-2",
        "etcd/server, etcd/server, 192.0.2.7",
        "etcd/peer, etcd/peer, 127.0.0.1",
    })
    void etcdsCertificatesServeAndAsk(String server, String client, String name) throws Exception {
        assertThat(accepts(server, "etcd/ca", client, name)).isTrue();
    }

    @Test
    void whatAnotherAuthoritySignedIsRefused() throws Exception {
        assertThat(accepts("etcd/server", "etcd/ca", "admin", "localhost")).isFalse();
        assertThat(accepts("etcd/peer", "etcd/ca", "kube-api-server", "localhost")).isFalse();
        assertThat(accepts("kube-api-server", "ca", "apiserver-etcd-client", "localhost"))
                .isFalse();
    }

    @Test
    void aNameThatWasNotAskedForIsRefused() throws Exception {
        assertThat(accepts("kube-api-server", "ca", "admin", "elsewhere.example")).isFalse();
        assertThat(accepts("etcd/server", "etcd/ca", "etcd/peer", "192.0.2.8")).isFalse();
    }

    @Test
    void aClientsCertificateDoesNotServe() throws Exception {
        assertThat(accepts("admin", "ca", "node-0", "localhost")).isFalse();
    }

    /** Java's client is the strict one: usages and names are all checked. */
    @Test
    void javasOwnClientIsContent() throws Exception {
        try (SSLServerSocket listening =
                (SSLServerSocket)
                        context("kube-api-server", "ca")
                                .getServerSocketFactory()
                                .createServerSocket()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listening.setNeedClientAuth(true);
            listening.setSoTimeout(LIMIT_MILLIS);
            boolean[] shaken = new boolean[1];
            Thread server =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    shaken[0] = shake(listening);
                                } catch (IOException e) {
                                    shaken[0] = false;
                                }
                            });
            try (SSLSocket socket =
                    (SSLSocket)
                            context("admin", "ca")
                                    .getSocketFactory()
                                    .createSocket("localhost", listening.getLocalPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.setSoTimeout(LIMIT_MILLIS);
                socket.startHandshake();
                assertThat(socket.getSession().getPeerPrincipal().getName())
                        .contains("CN=kube-apiserver");
            }
            server.join(LIMIT_MILLIS);
            assertThat(shaken[0]).isTrue();
        }
    }
}
