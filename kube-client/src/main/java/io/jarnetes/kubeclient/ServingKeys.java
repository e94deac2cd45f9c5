package io.jarnetes.kubeclient;

import io.jarnetes.base.tls.Tls;
import io.jarnetes.base.tls.TlsException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The serving certificate: a given one, or a self-signed one that is only made when somebody
 * connects, since most runs never see a connection.
 */
final class ServingKeys extends X509ExtendedKeyManager {

    private static final String ALIAS = "serving";

    /** A certificate chain and its key. */
    record Pair(X509Certificate[] chain, PrivateKey key) {}

    private final Supplier<Pair> maker;
    private @Nullable Pair pair;

    private ServingKeys(Supplier<Pair> maker) {
        this.maker = maker;
    }

    static ServingKeys of(ServingConfig config, String name) throws GeneralSecurityException {
        String certificate = config.certificate();
        String key = config.key();
        if (certificate == null || key == null) {
            return new ServingKeys(() -> SelfSigned.make(name));
        }
        try {
            Tls.Identity identity =
                    Tls.Identity.parse(
                            certificate, "the serving certificate", key, "the serving key");
            Pair given = new Pair(identity.chain().toArray(X509Certificate[]::new), identity.key());
            return new ServingKeys(() -> given);
        } catch (TlsException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }

    private synchronized Pair pair() {
        Pair made = pair;
        if (made == null) {
            made = maker.get();
            pair = made;
        }
        return made;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return keyType.startsWith(pair().key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, Socket socket) {
        return keyType.startsWith(pair().key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return pair().chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return pair().key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
