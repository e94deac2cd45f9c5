package io.jarnetes.base.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
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
        return TlsFiles.identity(dir.resolve(name + ".crt"), dir.resolve(name + ".key"));
    }

    private static List<java.security.cert.X509Certificate> authority(String name) {
        return Pem.certificates(dir.resolve(name + ".crt"));
    }

    /** Runs both sides in turn until both are done. */
    private static String handshake(SslContext server, SslContext client, String host)
            throws SSLException {
        SSLEngine left = server.newEngine(io.netty.buffer.ByteBufAllocator.DEFAULT);
        SSLEngine right = client.newEngine(io.netty.buffer.ByteBufAllocator.DEFAULT, host, 443);
        ByteBuffer toRight = ByteBuffer.allocate(100_000);
        ByteBuffer toLeft = ByteBuffer.allocate(100_000);
        ByteBuffer sink = ByteBuffer.allocate(100_000);
        for (int i = 0; i < 40; i++) {
            step(right, toRight, toLeft, sink);
            step(left, toLeft, toRight, sink);
        }
        assertThat(left.getHandshakeStatus())
                .isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        assertThat(right.getHandshakeStatus())
                .isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        return left.getSession().getPeerPrincipal().getName();
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out, ByteBuffer sink)
            throws SSLException {
        for (int i = 0; i < 20; i++) {
            Runnable task = engine.getDelegatedTask();
            if (task != null) {
                task.run();
                continue;
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
                default -> {
                    in.flip();
                    if (!in.hasRemaining()) {
                        in.compact();
                        return;
                    }
                    sink.clear();
                    engine.unwrap(in, sink);
                    in.compact();
                }
            }
        }
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
    void aServersCertificateIsNoClients() {
        assertThatThrownBy(() ->
                        Tls.trust(authority("ca"), false)
                                .checkClientTrusted(
                                        identity("server")
                                                .chain()
                                                .toArray(new java.security.cert.X509Certificate[0]),
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
