package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.etcd.raft.StateType;
import io.jarnetes.etcd.server.tls.ClientHosts;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import io.jarnetes.pki.Profile;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Some {@link TestMember}s on loopback. */
final class TestCluster implements AutoCloseable {
    static final String TOKEN = "etcd-cluster";

    private final List<TestMember> members = new ArrayList<>();
    private final @Nullable Contexts contexts;

    TestCluster(int size, boolean tls) throws IOException {
        this(size, tls, null);
    }

    /**
     * @param hosts what members look up of who connects, null for nothing
     */
    TestCluster(int size, boolean tls, @Nullable ClientHosts hosts) throws IOException {
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
        contexts = tls ? Contexts.create() : null;
        for (Member m : all) {
            members.add(
                    new TestMember(
                            m,
                            all,
                            contexts == null ? null : contexts.client,
                            contexts == null ? null : () -> contexts.server,
                            hosts));
        }
    }

    /** Mutual TLS with one certificate for all. */
    private record Contexts(CertificateAuthority ca, SslContext client, SslContext server) {
        static Contexts create() {
            CertificateAuthority ca =
                    CertificateAuthority.create(
                            "etcd-ca",
                            false,
                            Algorithm.ECDSA_P256.generate(),
                            Duration.ofDays(1),
                            Clock.systemUTC(),
                            new SecureRandom());
            Tls.Identity identity = identity(ca, "127.0.0.1");
            var roots = List.of(ca.certificate());
            return new Contexts(
                    ca,
                    Tls.client(identity, roots),
                    Tls.server(identity, roots, ClientAuth.REQUIRE));
        }

        static Tls.Identity identity(CertificateAuthority ca, String... hosts) {
            KeyPair keys = Algorithm.ECDSA_P256.generate();
            var leaf =
                    ca.issue(
                            new Profile(
                                    "peer",
                                    Profile.Authority.ETCD,
                                    "peer",
                                    List.of(),
                                    false,
                                    Set.of(Profile.Usage.CLIENT, Profile.Usage.SERVER),
                                    List.of(hosts)),
                            keys.getPublic(),
                            Duration.ofDays(1));
            return new Tls.Identity(List.of(leaf), keys.getPrivate());
        }
    }

    /** For a client whose certificate, of the members' authority, is for these hosts. */
    SslContext clientOf(String... hosts) {
        CertificateAuthority ca = Objects.requireNonNull(contexts).ca();
        return Tls.client(Contexts.identity(ca, hosts), List.of(ca.certificate()));
    }

    List<TestMember> members() {
        return members;
    }

    TestMember awaitLeader() {
        Eventually.until("a leader", () -> members.stream().anyMatch(TestCluster::isLeader));
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
