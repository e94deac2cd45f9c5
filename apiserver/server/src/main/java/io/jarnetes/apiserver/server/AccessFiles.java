package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.authentication.ClientCertificates;
import io.jarnetes.apiserver.server.authentication.ServiceAccountKeys;
import io.jarnetes.apiserver.server.authentication.TokenFile;
import io.jarnetes.base.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What authentication reads from files.
 *
 * @param keys that verify service accounts' tokens
 * @param signing the key pair that signs them
 * @param clientCa who signs clients' certificates
 * @param frontProxyCa who signs those of front proxies
 * @param tokens of the static token file
 */
record AccessFiles(
        ServiceAccountKeys keys,
        @Nullable KeyPair signing,
        @Nullable ClientCertificates clientCa,
        @Nullable ClientCertificates frontProxyCa,
        @Nullable TokenFile tokens) {

    /**
     * @throws IOException when a file can't be read
     * @throws IllegalArgumentException when keys don't belong together
     */
    static AccessFiles read(ApiServerConfig config, Clock clock) throws IOException {
        List<PublicKey> verifying = new ArrayList<>();
        config.tokens().verifyingKeys().forEach(file -> verifying.addAll(Pem.publicKeys(file)));
        ServiceAccountKeys keys = new ServiceAccountKeys(verifying);
        Path tokens = config.authentication().tokenFile();
        return new AccessFiles(
                keys,
                signing(keys, config.tokens().signingKey()),
                authorities(config.authentication().clientCa(), clock),
                authorities(config.authentication().frontProxyCa(), clock),
                tokens == null ? null : TokenFile.read(tokens));
    }

    private static @Nullable ClientCertificates authorities(@Nullable Path file, Clock clock) {
        return file == null ? null : ClientCertificates.file(file, clock);
    }

    /** The signing key, and the given public key that belongs to it. */
    private static @Nullable KeyPair signing(ServiceAccountKeys keys, @Nullable Path file) {
        if (file == null) {
            return null;
        }
        PrivateKey key = Pem.privateKey(file);
        PublicKey half =
                keys.matching(key)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "no key of --service-account-key-file belongs to the"
                                                + " signing key "
                                                + file));
        return new KeyPair(half, key);
    }
}
