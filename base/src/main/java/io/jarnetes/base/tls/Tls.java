package io.jarnetes.base.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Netty TLS contexts from certificates and keys, BoringSSL's where it is there, else the JDK's. TLS
 * 1.2 and 1.3.
 */
public final class Tls {

    private Tls() {}

    /**
     * What is spoken.
     *
     * @param versions {@code TLSv1.3}, {@code TLSv1.2}
     * @param cipherSuites by their names in the standard, what isn't there is left out; empty for
     *     the library's own choice
     */
    public record Protocol(List<String> versions, List<String> cipherSuites) {
        /** Both versions. */
        public static final Protocol DEFAULT =
                new Protocol(List.of("TLSv1.3", "TLSv1.2"), List.of());

        public Protocol {
            versions = List.copyOf(versions);
            cipherSuites = List.copyOf(cipherSuites);
        }

        private void on(SslContextBuilder builder) {
            builder.protocols(versions.toArray(String[]::new));
            if (!cipherSuites.isEmpty()) {
                builder.ciphers(cipherSuites, SupportedCipherSuiteFilter.INSTANCE);
            }
        }
    }

    /** A certificate chain, leaf first, and its key. */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {

        public Identity {
            chain = List.copyOf(chain);
        }

        /**
         * The identity in two files.
         *
         * @throws TlsException when one can't be read, or the key is another certificate's
         */
        public static Identity read(Path certificate, Path key) {
            return parse(
                    Pem.read(certificate), certificate.toString(), Pem.read(key), key.toString());
        }

        /**
         * The identity in two texts; {@code certificateName} and {@code keyName} are for errors.
         */
        public static Identity parse(
                String certificate, String certificateName, String key, String keyName) {
            List<X509Certificate> chain = Pem.certificates(certificate, certificateName);
            byte[] pkcs8 = Pem.pkcs8Bytes(key, keyName);
            Identity identity = new Identity(chain, Pem.pkcs8(pkcs8, keyName));
            String mismatch =
                    KeyMatch.mismatch(chain.getFirst().getPublicKey(), identity.key, pkcs8);
            if (mismatch != null) {
                throw new TlsException(
                        mismatch + ": certificate " + certificateName + ", key " + keyName);
            }
            return identity;
        }
    }

    /** Whether BoringSSL is used. */
    public static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    /**
     * A server's context.
     *
     * @param clientAuthorities what client certificates are verified against; empty takes any where
     *     {@code auth} is OPTIONAL without verifying (never do that for a decision)
     * @param protocols for ALPN, best first ({@code h2}, {@code http/1.1}); none for no ALPN
     */
    public static SslContext server(
            Identity identity,
            List<X509Certificate> clientAuthorities,
            ClientAuth auth,
            String... protocols) {
        SslContextBuilder builder = server(identity, auth, Protocol.DEFAULT);
        if (auth != ClientAuth.NONE) {
            if (clientAuthorities.isEmpty()) {
                // Taken unverified, for a server that verifies them later, as Go's
                // RequestClientCert.
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else {
                builder.trustManager(trust(clientAuthorities, false));
            }
        }
        return build(builder, protocols);
    }

    /**
     * A server's context with a trust manager of its own.
     *
     * @param trust who may connect; null where nobody is asked for a certificate
     */
    public static SslContext server(
            Identity identity,
            @Nullable X509ExtendedTrustManager trust,
            Protocol spoken,
            String... protocols) {
        SslContextBuilder builder =
                server(identity, trust == null ? ClientAuth.NONE : ClientAuth.REQUIRE, spoken);
        if (trust != null) {
            builder.trustManager(trust);
        }
        return build(builder, protocols);
    }

    private static SslContextBuilder server(Identity identity, ClientAuth auth, Protocol spoken) {
        SslContextBuilder builder =
                SslContextBuilder.forServer(keys(identity))
                        .clientAuth(auth)
                        .sslProvider(provider());
        spoken.on(builder);
        return builder;
    }

    /**
     * A client's context; the host name that is dialled must be named by the server's certificate.
     *
     * @param identity the client certificate, or null for none
     */
    public static SslContext client(
            @Nullable Identity identity, List<X509Certificate> authorities, String... protocols) {
        return client(identity, trust(authorities, true), protocols);
    }

    /** A client's context with a trust manager of its own. */
    public static SslContext client(
            @Nullable Identity identity, X509ExtendedTrustManager trust, String... protocols) {
        return client(identity, trust, Protocol.DEFAULT, protocols);
    }

    /** A client's context with a trust manager of its own, that speaks this. */
    public static SslContext client(
            @Nullable Identity identity,
            X509ExtendedTrustManager trust,
            Protocol spoken,
            String... protocols) {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .trustManager(trust)
                        .endpointIdentificationAlgorithm(null)
                        .sslProvider(provider());
        spoken.on(builder);
        if (identity != null) {
            builder.keyManager(keys(identity));
        }
        return build(builder, protocols);
    }

    /**
     * Go's rules against these authorities.
     *
     * @param hostNames whether a server's certificate must name the host that was dialled
     */
    public static X509ExtendedTrustManager trust(
            List<X509Certificate> authorities, boolean hostNames) {
        return new GoTrustManager(authorities, hostNames);
    }

    private static KeyManagerFactory keys(Identity identity) {
        KeyManagerFactory factory = new OneKey(identity).factory();
        // BoringSSL gets the key once, and not for each connection.
        return OpenSsl.isAvailable() ? new OpenSslCachingX509KeyManagerFactory(factory) : factory;
    }

    /** Whether a certificate names a host or an address, by Go's rules. */
    public static boolean names(X509Certificate certificate, String host) {
        try {
            Hosts.verify(certificate, host);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static SslContext build(SslContextBuilder builder, String... protocols) {
        if (protocols.length > 0) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            protocols));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new TlsException("TLS can't be set up: " + e.getMessage(), e);
        }
    }
}
