package io.jarnetes.etcd.server;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.base.tls.TlsFiles;
import io.jarnetes.etcd.server.tls.Admissions;
import io.jarnetes.pki.SelfSigned;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS contexts from a member's files, made anew when these change. */
final class TlsContexts {
    private final EtcdConfig.Tls config;

    /**
     * @param directory where a certificate is made that was asked for without giving one ({@code
     *     --auto-tls}, {@code --peer-auto-tls})
     * @param hosts that such a certificate is for
     */
    TlsContexts(EtcdConfig.Tls config, Path directory, List<String> hosts) {
        this.config =
                config.auto() && config.cert() == null ? made(config, directory, hosts) : config;
    }

    private static EtcdConfig.Tls made(EtcdConfig.Tls config, Path directory, List<String> hosts) {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        SelfSigned.ensure(certificate, key, hosts, Clock.systemUTC(), new SecureRandom());
        return config.withIdentity(certificate, key);
    }

    /** Null where no certificate is configured. */
    @Nullable Supplier<SslContext> server(String... protocols) {
        Path certificate = config.cert();
        Path key = config.key();
        if (certificate == null || key == null) {
            return null;
        }
        TlsFiles files =
                new TlsFiles(
                        files(certificate, key),
                        () ->
                                Tls.server(
                                        Tls.Identity.read(certificate, key),
                                        clients(),
                                        config.spoken(),
                                        protocols));
        return files::context;
    }

    /** As upstream: an authority alone asks for certificates, and so does --client-cert-auth. */
    private @Nullable X509ExtendedTrustManager clients() {
        Path ca = config.trustedCa();
        if (ca == null) {
            return config.clientCertAuth() ? new AnyCertificate() : null;
        }
        return Admissions.ofClients(Tls.trust(Pem.certificates(ca), false), config.admission());
    }

    /** For dialling peers; asked for each connection. */
    Supplier<@Nullable SslContext> client() {
        EtcdConfig.Dialling dialling = config.dialling();
        Path certificate = dialling == null ? config.cert() : dialling.cert();
        Path key = dialling == null ? config.key() : dialling.key();
        if (certificate == null || key == null) {
            return () -> null;
        }
        TlsFiles files =
                new TlsFiles(
                        files(certificate, key),
                        () ->
                                Tls.client(
                                        Tls.Identity.read(certificate, key),
                                        servers(),
                                        config.spoken()));
        return files::context;
    }

    private X509ExtendedTrustManager servers() {
        Path ca = config.trustedCa();
        return ca == null
                ? new AnyCertificate()
                : Admissions.ofServers(Tls.trust(Pem.certificates(ca), true), config.admission());
    }

    private List<Path> files(Path certificate, Path key) {
        Path ca = config.trustedCa();
        return ca == null ? List.of(certificate, key) : List.of(certificate, key, ca);
    }

    /** {@code --peer-auto-tls}: encrypted, but nobody is verified, as upstream has it. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
