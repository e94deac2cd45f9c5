package io.jarnetes.base.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * One certificate chain and its key, without a key store: the JDK's encrypt each key that is put
 * into them and decrypt it again, with ten thousand rounds of hashing each time.
 */
final class OneKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "key";

    private final X509Certificate[] chain;
    private final PrivateKey key;

    OneKey(Tls.Identity identity) {
        this.chain = identity.chain().toArray(X509Certificate[]::new);
        this.key = identity.key();
    }

    /** For interfaces that ask for a factory. */
    KeyManagerFactory factory() {
        OneKey manager = this;
        return new SimpleKeyManagerFactory() {
            @Override
            protected void engineInit(KeyStore store, char[] password) {}

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {}

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return new KeyManager[] {manager};
            }
        };
    }

    /**
     * Whether the key is of a type that is asked for: {@code RSA}, {@code EC}, or with the type of
     * the issuer's key behind a line, {@code EC_RSA}.
     */
    private boolean is(String type) {
        int line = type.indexOf('_');
        String own = line < 0 ? type : type.substring(0, line);
        if (!own.equals(key.getAlgorithm())) {
            return false;
        }
        String signature = chain.length == 0 ? "" : chain[0].getSigAlgName();
        return line < 0 || signature.contains(type.substring(line + 1));
    }

    private @Nullable String client(String[] types, Principal @Nullable [] issuers) {
        return Arrays.stream(types).anyMatch(this::is) && issuedBy(issuers) ? ALIAS : null;
    }

    private @Nullable String server(String type, Principal @Nullable [] issuers) {
        return is(type) && issuedBy(issuers) ? ALIAS : null;
    }

    /** No issuers are any. */
    private boolean issuedBy(Principal @Nullable [] issuers) {
        if (issuers == null || issuers.length == 0) {
            return true;
        }
        List<Principal> accepted = List.of(issuers);
        return Arrays.stream(chain)
                .anyMatch(certificate -> accepted.contains(certificate.getIssuerX500Principal()));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
        return client(types, issuers);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, SSLEngine engine) {
        return server(type, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] types, Principal @Nullable [] issuers, Socket socket) {
        return client(types, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String type, Principal @Nullable [] issuers, Socket socket) {
        return server(type, issuers);
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return getServerAliases(type, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        String alias = server(type, issuers);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return alias.equals(ALIAS) ? chain.clone() : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return alias.equals(ALIAS) ? key : null;
    }
}
