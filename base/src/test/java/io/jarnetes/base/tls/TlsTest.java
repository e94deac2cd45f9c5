package io.jarnetes.base.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real certificates, made by openssl, in real handshakes between two engines. */
class TlsTest {

    @TempDir static Path dir;

    @BeforeAll
    static void certificates() throws Exception {
        openssl("ecparam -name prime256v1 -genkey -noout -out ca.key");
        openssl("req -x509 -new -key ca.key -subj /CN=ca -days 3 -out ca.crt");
        openssl("ecparam -name prime256v1 -genkey -noout -out other.key");
        openssl("req -x509 -new -key other.key -subj /CN=ca -days 3 -out other.crt");
        leaf(
                "server",
                "genrsa -traditional -out server.key 2048",
                "extendedKeyUsage=serverAuth\nnsCertType=client\nsubjectAltName=DNS:localhost,IP:127.0.0.1");
        leaf(
                "client",
                "ecparam -name prime256v1 -genkey -noout -out client.key",
                "extendedKeyUsage=clientAuth");
    }

    private static void leaf(String name, String key, String extensions) throws Exception {
        openssl(key);
        openssl("req -new -key " + name + ".key -subj /CN=" + name + " -out " + name + ".csr");
        Files.writeString(dir.resolve("ext"), extensions);
        openssl(
                "x509 -req -in "
                        + name
                        + ".csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3 -extfile ext -out "
                        + name
                        + ".crt");
    }

    private static void openssl(String words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.split(" ")));
        Process process =
                new ProcessBuilder(command)
                        .directory(dir.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
        }
    }

    private static Tls.Identity identity(String name) {
        return identity(name, name);
    }

    private static Tls.Identity identity(String certificate, String key) {
        return Tls.Identity.read(dir.resolve(certificate + ".crt"), dir.resolve(key + ".key"));
    }

    private static List<X509Certificate> authority(String name) {
        return Pem.certificates(dir.resolve(name + ".crt"));
    }

    /**
     * Connects on loopback; answers with the name in the client's certificate, as the server saw
     * it.
     */
    private static String handshake(SslContext server, SslContext client, String host)
            throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel listener =
                    new ServerBootstrap()
                            .group(group)
                            .channel(NioServerSocketChannel.class)
                            .childHandler(initializer(ch -> serve(ch, server, seen)))
                            .bind("127.0.0.1", 0)
                            .sync()
                            .channel();
            Channel dialled =
                    new Bootstrap()
                            .group(group)
                            .channel(NioSocketChannel.class)
                            .handler(
                                    initializer(ch ->
                                            ch.pipeline()
                                                    .addLast(
                                                            client.newHandler(
                                                                    ch.alloc(), host, 443),
                                                            new Closing())))
                            .connect(listener.localAddress())
                            .sync()
                            .channel();
            dialled.pipeline().get(SslHandler.class).handshakeFuture().get(10, TimeUnit.SECONDS);
            return seen.get(10, TimeUnit.SECONDS);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static void serve(Channel channel, SslContext context, CompletableFuture<String> seen) {
        SslHandler handler = context.newHandler(channel.alloc());
        channel.pipeline().addLast(handler, new Closing());
        handler.handshakeFuture()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        seen.completeExceptionally(done.cause());
                        return;
                    }
                    seen.complete(handler.engine().getSession().getPeerPrincipal().getName());
                });
    }

    /** What fails is in the handshake's future; a failure that nobody takes netty would log. */
    private static final class Closing extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static ChannelInitializer<Channel> initializer(Consumer<Channel> action) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                action.accept(channel);
            }
        };
    }

    @Test
    void mutualTlsAcceptsNetscapeTypesAsGoDoes() throws Exception {
        SslContext server =
                Tls.server(identity("server"), authority("ca"), ClientAuth.REQUIRE, "h2");
        SslContext client = Tls.client(identity("client"), authority("ca"), "h2");
        assertThat(handshake(server, client, "localhost")).isEqualTo("CN=client");
        assertThat(handshake(server, client, "127.0.0.1")).isEqualTo("CN=client");
    }

    @Test
    void anotherHostIsRefused() {
        SslContext server = Tls.server(identity("server"), authority("ca"), ClientAuth.NONE);
        SslContext client = Tls.client(null, authority("ca"));
        assertThatThrownBy(() -> handshake(server, client, "elsewhere"))
                .hasStackTraceContaining("not elsewhere");
    }

    @Test
    void anotherAuthorityOfTheSameNameIsRefused() {
        SslContext server = Tls.server(identity("server"), authority("other"), ClientAuth.REQUIRE);
        SslContext client = Tls.client(identity("client"), authority("ca"));
        assertThatThrownBy(() -> handshake(server, client, "localhost"))
                .hasStackTraceContaining("signed by unknown authority");
    }

    @Test
    void aKnownChainDoesNotVouchForAnother() throws Exception {
        openssl("ecparam -name prime256v1 -genkey -noout -out forged.key");
        openssl("req -x509 -new -key forged.key -subj /CN=client -days 3 -out forged.crt");
        X509Certificate[] known = identity("client").chain().toArray(new X509Certificate[0]);
        X509Certificate[] forged = identity("forged").chain().toArray(new X509Certificate[0]);
        X509ExtendedTrustManager trust = Tls.trust(authority("ca"), false);
        trust.checkClientTrusted(known, "EC");
        assertThatThrownBy(() -> trust.checkClientTrusted(forged, "EC"))
                .hasMessageContaining("signed by unknown authority");
        trust.checkClientTrusted(known, "EC");
    }

    @Test
    void aServersCertificateIsNoClients() {
        assertThatThrownBy(() ->
                        Tls.trust(authority("ca"), false)
                                .checkClientTrusted(
                                        identity("server").chain().toArray(new X509Certificate[0]),
                                        "EC"))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("incompatible key usage");
    }

    @Test
    void errorsNameTheFileAndTheRemedy() throws IOException {
        assertThatThrownBy(() -> Pem.certificates(dir.resolve("none")))
                .isInstanceOf(TlsException.class)
                .hasMessageEndingWith("none: no such file or directory");
        Path empty = Files.writeString(dir.resolve("empty"), "nothing");
        assertThatThrownBy(() -> Pem.privateKey(empty))
                .hasMessageContaining("PKCS#8, PKCS#1 or SEC 1");
    }

    @Test
    void aKeyIsThatOfItsCertificate() throws Exception {
        openssl("ec -in client.key -no_public -out bare.key");
        openssl("pkcs8 -topk8 -nocrypt -in client.key -out pkcs8.key");
        openssl("genrsa -out rsa.key 2048");
        openssl("ecparam -name secp384r1 -genkey -noout -out curve.key");
        openssl("genpkey -algorithm ed25519 -out ed.key");
        openssl("req -x509 -new -key ed.key -subj /CN=ed -days 3 -out ed.crt");
        openssl("genpkey -algorithm ed25519 -out ed2.key");
        List.of("client", "bare", "pkcs8")
                .forEach(key -> assertThat(identity("client", key).chain()).hasSize(1));
        assertThat(identity("ed").key().getAlgorithm()).isEqualTo("EdDSA");
        List.of("other", "curve")
                .forEach(key -> assertMismatch("client", key, "private key does not match"));
        assertMismatch("server", "rsa", "private key does not match");
        assertMismatch("ed", "ed2", "private key does not match");
        assertMismatch("client", "rsa", "private key type does not match");
        assertMismatch("server", "ed", "private key type does not match");
    }

    private static void assertMismatch(String certificate, String key, String words) {
        assertThatThrownBy(() -> identity(certificate, key))
                .isInstanceOf(TlsException.class)
                .hasMessage(
                        "tls: "
                                + words
                                + (words.contains("type") ? " public key type" : " public key")
                                + ": certificate "
                                + dir.resolve(certificate + ".crt")
                                + ", key "
                                + dir.resolve(key + ".key"));
    }

    @Test
    void aContextFollowsItsFiles() throws Exception {
        Path file = Files.writeString(dir.resolve("watched"), "1");
        int[] made = {0};
        TlsFiles files =
                new TlsFiles(
                        List.of(file),
                        () -> {
                            made[0]++;
                            return Tls.client(null, authority("ca"));
                        });
        Files.writeString(file, "22");
        long end = System.nanoTime() + 10_000_000_000L;
        while (made[0] < 2 && System.nanoTime() < end) {
            files.context();
            Thread.onSpinWait();
        }
        assertThat(made[0]).isEqualTo(2);
    }
}
