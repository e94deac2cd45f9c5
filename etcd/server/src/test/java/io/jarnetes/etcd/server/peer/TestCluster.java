package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.tls.Tls;
import io.jarnetes.etcd.raft.StateType;
import io.jarnetes.etcd.server.FreePorts;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import io.jarnetes.pki.Profiles;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Some {@link TestMember}s on loopback. */
final class TestCluster implements AutoCloseable {
    static final String TOKEN = "etcd-cluster";

    private final List<TestMember> members = new ArrayList<>();

    TestCluster(int size, boolean tls) throws IOException {
        List<Integer> ports = FreePorts.take(size);
        List<Member> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String scheme = tls ? "https" : "http";
            all.add(
                    Member.create(
                            "j" + i,
                            List.of(scheme + "://127.0.0.1:" + ports.get(i)),
                            TOKEN,
                            OptionalLong.empty(),
                            false));
        }
        Contexts contexts = tls ? Contexts.create() : null;
        for (Member m : all) {
            members.add(
                    new TestMember(
                            m,
                            all,
                            contexts == null ? null : contexts.client,
                            contexts == null ? null : () -> contexts.server));
        }
    }

    /** Mutual TLS with one certificate for all. */
    private record Contexts(SslContext client, SslContext server) {
        static Contexts create() {
            Algorithm algorithm = Algorithm.ECDSA_P256;
            CertificateAuthority ca =
                    CertificateAuthority.create(
                            "etcd-ca",
                            false,
                            algorithm.generate(),
                            Duration.ofDays(1),
                            Clock.systemUTC(),
                            new SecureRandom());
            KeyPair keys = algorithm.generate();
            var leaf =
                    ca.issue(
                            Profiles.etcdPeer(List.of("127.0.0.1")),
                            keys.getPublic(),
                            Duration.ofDays(1));
            Tls.Identity identity = new Tls.Identity(List.of(leaf), keys.getPrivate());
            var roots = List.of(ca.certificate());
            return new Contexts(
                    Tls.client(identity, roots), Tls.server(identity, roots, ClientAuth.REQUIRE));
        }
    }

    List<TestMember> members() {
        return members;
    }

    TestMember awaitLeader() {
        Waits.until("a leader", 20, () -> members.stream().anyMatch(TestCluster::isLeader));
        return members.stream().filter(TestCluster::isLeader).findFirst().orElseThrow();
    }

    static boolean isLeader(TestMember m) {
        return m.call(() -> m.node().softState().raftState()) == StateType.LEADER;
    }

    @Override
    public void close() {
        members.forEach(TestMember::close);
    }
}
