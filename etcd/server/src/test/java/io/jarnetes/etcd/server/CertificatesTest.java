package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.etcd.client.ClientTls;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdException;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.pki.CertificateAuthority;
import io.jarnetes.pki.Profile;
import io.jarnetes.pki.Profiles;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of clients and peers, while members run. */
class CertificatesTest {
    private static final byte[] A = Keys.utf8("a");

    @TempDir Path dir;

    private Path file(String name) {
        return dir.resolve(name);
    }

    private EtcdConfig.Tls tls() {
        return EtcdConfig.Tls.of(file("cert.pem"), file("key.pem"), file("ca.pem"));
    }

    /** All members go over to another authority, one file after the other, and none restarts. */
    @Test
    void certificatesAndAuthoritiesAreReloaded() throws Exception {
        CertificateAuthority old = TestPki.authority("old");
        CertificateAuthority next = TestPki.authority("next");
        TestPki.identity(old, file("cert.pem"), file("key.pem"), "127.0.0.1");
        TestPki.identity(old, file("old.pem"), file("old-key.pem"), "127.0.0.1");
        TestPki.identity(next, file("next.pem"), file("next-key.pem"), "127.0.0.1");
        TestPki.bundle(file("ca.pem"), old);
        try (TestCluster cluster =
                new TestCluster(dir, 3, "https", c -> c.withTls(tls(), tls())).startAll()) {
            Path both = file("both.pem");
            TestPki.bundle(both, old, next);
            await(client(cluster, both, "old").kv().put(A, A));
            TestPki.bundle(file("ca.pem"), old, next);
            TestPki.identity(next, file("cert.pem"), file("key.pem"), "127.0.0.1");
            TestPki.bundle(file("ca.pem"), next);
            // Whoever connects from here on needs the new one; connections that are there stay.
            Eventually.until(
                    "the refusal of the old authority", () -> !succeeds(cluster, both, "old"));
            Eventually.until("the new authority", () -> succeeds(cluster, both, "next"));
            int one = (cluster.leader() + 1) % 3;
            cluster.stop(one);
            cluster.start(one);
            int leader = cluster.leader();
            Eventually.until(
                    "the one that came back to be reached with new certificates",
                    () -> cluster.server(leader).activePeers() == 2);
            await(client(cluster, both, "next").kv().put(A, A));
            assertThat(cluster.server(one).member().hasLeader()).isTrue();
        }
    }

    private EtcdClient client(TestCluster cluster, Path ca, String name) throws SSLException {
        List<URI> endpoints = cluster.endpoints();
        return cluster.client(
                endpoints, ClientTls.fromPem(ca, file(name + ".pem"), file(name + "-key.pem")));
    }

    private boolean succeeds(TestCluster cluster, Path ca, String name) {
        try (EtcdClient client = client(cluster, ca, name)) {
            await(client.kv().withTimeout(java.time.Duration.ofSeconds(2)).get(A));
            return true;
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        } catch (EtcdException e) {
            return false;
        }
    }

    private static final Profile SERVER_ONLY =
            new Profile(
                    "server",
                    Profile.Authority.ETCD,
                    "server-only",
                    List.of(),
                    false,
                    Set.of(Profile.Usage.SERVER),
                    List.of("127.0.0.1"));

    /** The certificate that members serve with is no good for dialling: another one is. */
    @Test
    void peersAreDialledWithACertificateOfTheirOwn() throws Exception {
        CertificateAuthority ca = TestPki.authority("ca");
        TestPki.bundle(file("ca.pem"), ca);
        TestPki.identity(ca, SERVER_ONLY, file("cert.pem"), file("key.pem"));
        TestPki.identity(
                ca, Profiles.apiserverEtcdClient(), file("client.pem"), file("client-key.pem"));
        EtcdConfig.Tls peers =
                new EtcdConfig.Tls(
                        file("cert.pem"),
                        file("key.pem"),
                        file("ca.pem"),
                        true,
                        false,
                        new EtcdConfig.Dialling(file("client.pem"), file("client-key.pem")),
                        EtcdConfig.Admission.ALL,
                        Tls.Protocol.DEFAULT);
        try (TestCluster cluster =
                new TestCluster(dir, 2, "https", c -> c.withTls(tls(), peers)).startAll()) {
            await(client(cluster, file("ca.pem"), "client").kv().put(A, A));
        }
    }

    /** {@code --client-cert-allowed-hostname}: told in the log with the names that it has. */
    @Test
    void aCertificateMustNameAnAllowedHost() throws Exception {
        CertificateAuthority ca = TestPki.authority("ca");
        TestPki.bundle(file("ca.pem"), ca);
        TestPki.identity(ca, file("cert.pem"), file("key.pem"), "127.0.0.1");
        TestPki.identity(ca, file("good.pem"), file("good-key.pem"), "admin.example");
        TestPki.identity(ca, file("bad.pem"), file("bad-key.pem"), "other.example", "10.0.0.9");
        EtcdConfig.Tls clients =
                tls().withAdmission(
                                new EtcdConfig.Admission(
                                        null, List.of(), List.of("admin.example"), false));
        try (TestCluster cluster =
                new TestCluster(dir, 1, "https", c -> c.withTls(clients, tls())).startAll()) {
            assertThat(succeeds(cluster, file("ca.pem"), "good")).isTrue();
            assertThat(succeeds(cluster, file("ca.pem"), "bad")).isFalse();
            Eventually.until(
                    "the line of the log",
                    () -> cluster.log(0).contains("rejected connection on client endpoint"));
            assertThat(cluster.log(0))
                    .contains(
                            "\"ip-addresses\":[\"127.0.0.1\",\"::1\",\"10.0.0.9\"],"
                                    + "\"dns-names\":[\"localhost\",",
                            "\"other.example\"],"
                                    + "\"error\":\"client certificate authentication failed\"");
        }
    }

    /** {@code --peer-cert-allowed-cn}, of both sides of a connection. */
    @Test
    void peersHaveAnAllowedName() throws Exception {
        CertificateAuthority ca = TestPki.authority("ca");
        TestPki.bundle(file("ca.pem"), ca);
        TestPki.identity(ca, file("cert.pem"), file("key.pem"), "127.0.0.1");
        TestPki.identity(
                ca, Profiles.apiserverEtcdClient(), file("other.pem"), file("other-key.pem"));
        String name = Profiles.etcdPeer(List.of()).commonName();
        EtcdConfig.Tls peers =
                tls().withAdmission(
                                new EtcdConfig.Admission(null, List.of(name), List.of(), false));
        try (TestCluster cluster =
                new TestCluster(dir, 2, "https", c -> c.withTls(tls(), peers)).startAll()) {
            await(client(cluster, file("ca.pem"), "other").kv().put(A, A));
            URI peer = cluster.config(0).urls().listenPeer().getFirst();
            try (SSLSocket socket = connected(peer, "other")) {
                assertThatThrownBy(
                                () -> {
                                    socket.startHandshake();
                                    socket.getOutputStream()
                                            .write("GET /version HTTP/1.1\n".getBytes());
                                    socket.getInputStream().readAllBytes();
                                })
                        .isInstanceOf(IOException.class);
            }
            Eventually.until(
                    "the line of the log",
                    () -> cluster.log(0).contains("rejected connection on peer endpoint"));
        }
    }

    /** {@code --peer-skip-client-san-verification}, and what is verified without. */
    @Test
    void peersComeFromWhereTheirCertificateSays() throws Exception {
        CertificateAuthority ca = TestPki.authority("ca");
        TestPki.bundle(file("ca.pem"), ca);
        TestPki.identity(ca, file("cert.pem"), file("key.pem"), "127.0.0.1");
        Profile elsewhere =
                new Profile(
                        "client",
                        Profile.Authority.ETCD,
                        "elsewhere",
                        List.of(),
                        false,
                        Set.of(Profile.Usage.CLIENT),
                        List.of("10.0.0.9"));
        TestPki.identity(ca, elsewhere, file("other.pem"), file("other-key.pem"));
        try (TestCluster cluster =
                new TestCluster(
                                Files.createDirectory(file("strict")),
                                1,
                                "https",
                                c -> c.withTls(tls(), tls()))
                        .startAll()) {
            URI peer = cluster.config(0).urls().listenPeer().getFirst();
            assertThatThrownBy(() -> version(peer, "other")).isInstanceOf(IOException.class);
            Eventually.until(
                    "the line of the log",
                    () ->
                            cluster.log(0)
                                    .contains(
                                            "x509: certificate is valid for 10.0.0.9, not"
                                                    + " 127.0.0.1"));
            assertThat(version(peer, "cert")).contains("etcdserver");
        }
        EtcdConfig.Tls lenient =
                tls().withAdmission(new EtcdConfig.Admission(null, List.of(), List.of(), true));
        try (TestCluster cluster =
                new TestCluster(
                                Files.createDirectory(file("lenient")),
                                1,
                                "https",
                                c -> c.withTls(tls(), lenient))
                        .startAll()) {
            URI peer = cluster.config(0).urls().listenPeer().getFirst();
            assertThat(version(peer, "other")).contains("etcdserver");
        }
    }

    /** What a member says to a peer with this certificate. */
    private String version(URI peer, String name) throws Exception {
        try (SSLSocket socket = connected(peer, name)) {
            socket.startHandshake();
            socket.getOutputStream()
                    .write("GET /version HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (answer.isEmpty()) {
                throw new EOFException("no answer");
            }
            return answer;
        }
    }

    /** {@code --client-crl-file}, read anew for each connection. */
    @Test
    void aRevokedCertificateIsRefused() throws Exception {
        CertificateAuthority ca = TestPki.authority("ca");
        TestPki.bundle(file("ca.pem"), ca);
        TestPki.identity(ca, file("cert.pem"), file("key.pem"), "127.0.0.1");
        TestPki.identity(ca, file("one.pem"), file("one-key.pem"), "127.0.0.1");
        TestPki.revocations(file("crl.pem"));
        EtcdConfig.Tls clients =
                tls().withAdmission(
                                new EtcdConfig.Admission(
                                        file("crl.pem"), List.of(), List.of(), false));
        try (TestCluster cluster =
                new TestCluster(dir, 1, "https", c -> c.withTls(clients, tls())).startAll()) {
            assertThat(succeeds(cluster, file("ca.pem"), "one")).isTrue();
            X509Certificate one = Pem.certificates(file("one.pem")).getFirst();
            TestPki.revocations(file("crl.pem"), one.getSerialNumber());
            assertThat(succeeds(cluster, file("ca.pem"), "one")).isFalse();
            Eventually.until(
                    "the line of the log",
                    () ->
                            cluster.log(0)
                                    .contains(
                                            "transport: certificate serial "
                                                    + one.getSerialNumber().toString(16)
                                                    + " revoked"));
        }
    }

    /** {@code --tls-max-version} and {@code --cipher-suites}. */
    @Test
    void whatIsSpokenIsChosen() throws Exception {
        CertificateAuthority ca = TestPki.authority("ca");
        TestPki.bundle(file("ca.pem"), ca);
        TestPki.identity(ca, file("cert.pem"), file("key.pem"), "127.0.0.1");
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        EtcdConfig.Tls clients =
                new EtcdConfig.Tls(
                        file("cert.pem"),
                        file("key.pem"),
                        file("ca.pem"),
                        true,
                        false,
                        null,
                        EtcdConfig.Admission.ALL,
                        new Tls.Protocol(List.of("TLSv1.2"), List.of(suite)));
        try (TestCluster cluster =
                        new TestCluster(dir, 1, "https", c -> c.withTls(clients, tls()))
                                .startAll();
                SSLSocket socket = connected(cluster.endpoints().getFirst(), "cert")) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
        }
    }

    /** With the certificate in {@code NAME.pem}. */
    private SSLSocket connected(URI url, String name) throws Exception {
        String key = name.equals("cert") ? "key.pem" : name + "-key.pem";
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own",
                Pem.privateKey(file(key)),
                new char[0],
                Pem.certificates(file(name + ".pem")).toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys.getKeyManagers(),
                new TrustManager[] {Tls.trust(Pem.certificates(file("ca.pem")), false)},
                null);
        return (SSLSocket) context.getSocketFactory().createSocket(url.getHost(), url.getPort());
    }
}
