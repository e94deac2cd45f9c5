package io.jarnetes.etcd.server;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.base.tls.TlsFiles;
import io.jarnetes.pki.SelfSigned;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
        return new EtcdConfig.Tls(
                certificate,
                key,
                config.trustedCa(),
                config.clientCertAuth(),
                true,
                config.allowedCommonNames(),
                config.allowedHostNames());
    }

    /** Null where no certificate is configured. */
    @Nullable Supplier<SslContext> server(String... protocols) {
        Path certificate = config.cert();
        Path key = config.key();
        if (certificate == null || key == null) {
            return null;
        }
        Path ca = config.trustedCa();
        // As upstream: an authority alone asks for certificates, --client-cert-auth insists.
        boolean verify = config.clientCertAuth() || ca != null;
        TlsFiles files =
                new TlsFiles(
                        files(),
                        () ->
                                Tls.server(
                                        TlsFiles.identity(certificate, key),
                                        ca == null ? List.of() : Pem.certificates(ca),
                                        verify ? ClientAuth.REQUIRE : ClientAuth.NONE,
                                        protocols));
        return files::context;
    }

    /** For dialling peers; asked for each connection. */
    Supplier<@Nullable SslContext> client() {
        Path certificate = config.cert();
        Path key = config.key();
        if (certificate == null || key == null) {
            return () -> null;
        }
        Path ca = config.trustedCa();
        TlsFiles files =
                new TlsFiles(
                        files(),
                        () -> {
                            Tls.Identity identity = TlsFiles.identity(certificate, key);
                            return ca == null
                                    ? Tls.client(identity, new AnyServer())
                                    : Tls.client(identity, Pem.certificates(ca));
                        });
        return files::context;
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Path path : new Path[] {config.cert(), config.key(), config.trustedCa()}) {
            if (path != null) {
                files.add(path);
            }
        }
        return files;
    }

    /** {@code --peer-auto-tls}: encrypted, but nobody is verified, as upstream has it. */
    private static final class AnyServer extends javax.net.ssl.X509ExtendedTrustManager {
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
