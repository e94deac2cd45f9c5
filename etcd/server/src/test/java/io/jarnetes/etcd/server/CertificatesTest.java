package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.client.ClientTls;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdException;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.pki.CertificateAuthority;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
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
                    "the refusal of the old authority",
                    () -> !succeeds(cluster, both, "old"));
            Eventually.until(
                    "the new authority", () -> succeeds(cluster, both, "next"));
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
}
