package io.jarnetes.etcd.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.server.tls.ClientHosts;
import io.jarnetes.etcd.server.tls.HostResolver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that connects, and where it comes from. */
final class ClientHostsOfPeersTest {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** Knows one name of loopback, once it is let. */
    private static final class Late implements HostResolver {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public List<String> names(InetAddress address) throws UnknownHostException {
            asked.countDown();
            try {
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of("here.example.");
        }

        @Override
        public List<InetAddress> addresses(String name) throws UnknownHostException {
            throw new UnknownHostException("no such host");
        }
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private CompletableFuture<PeerHttpClient.Response> ask(TestMember member, SslContext tls) {
        URI base = URI.create(member.self().peerUrls().getFirst());
        return new PeerHttpClient(PeerLoops.nio(group, Runnable::run), () -> tls)
                .request("GET", base.resolve("/raft/probing"), Map.of(), Entry.NO_DATA, 5000);
    }

    @Test
    void whoComesFromElsewhereIsRejected() throws Exception {
        Late resolver = new Late();
        try (TestCluster cluster =
                new TestCluster(1, true, new ClientHosts(resolver, Thread.ofVirtual()::start))) {
            TestMember m = cluster.members().getFirst();
            var known = ask(m, cluster.clientOf("here.example"));
            // It asks already while it is looked up, and is answered when that is done.
            assertThat(resolver.asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(known).isNotDone();
            resolver.go.countDown();
            assertThat(known.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            // Neither one without names nor one with the address needs a look.
            assertThat(ask(m, cluster.clientOf()).get(10, TimeUnit.SECONDS).status())
                    .isEqualTo(200);
            assertThat(
                            ask(m, cluster.clientOf("127.0.0.1", "there.example"))
                                    .get(10, TimeUnit.SECONDS)
                                    .status())
                    .isEqualTo(200);

            assertThat(ask(m, cluster.clientOf("there.example"))).failsWithin(10, TimeUnit.SECONDS);
            Eventually.until(
                    "the line",
                    () ->
                            m.log()
                                    .has(
                                            "dns-names, [there.example], error, tls:"
                                                    + " \"127.0.0.1\" does not match any of"
                                                    + " DNSNames [\"there.example\"] (no such"
                                                    + " host)]"));
            assertThat(ask(m, cluster.clientOf("10.0.0.9"))).failsWithin(10, TimeUnit.SECONDS);
            Eventually.until(
                    "the other line",
                    () ->
                            m.log()
                                    .has(
                                            "error, x509: certificate is valid for 10.0.0.9, not"
                                                    + " 127.0.0.1]"));
        }
    }
}
