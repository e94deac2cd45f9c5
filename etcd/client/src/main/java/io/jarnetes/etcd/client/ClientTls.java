package io.jarnetes.etcd.client;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS contexts of a client from PEM files; the private key is PKCS#8. */
public final class ClientTls {
    private ClientTls() {}

    /**
     * @param ca the certificates that servers are trusted by
     * @param certificate the client's chain, or null for none
     * @param key its private key, or null for none
     * @throws SSLException if a file cannot be read or does not hold what it should
     */
    public static SslContext fromPem(Path ca, @Nullable Path certificate, @Nullable Path key)
            throws SSLException {
        SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(ca.toFile());
        if (certificate != null && key != null) {
            builder.keyManager(certificate.toFile(), key.toFile());
        }
        return builder.build();
    }
}
