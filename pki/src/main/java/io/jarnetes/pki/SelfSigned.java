package io.jarnetes.pki;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A serving certificate under an authority made for it alone, as the API server keeps in {@code
 * --cert-dir} and etcd makes for {@code --auto-tls} when none is given.
 */
public final class SelfSigned {

    private static final Duration VALIDITY = Duration.ofDays(365);

    private SelfSigned() {}

    /**
     * Writes {@code certificate} (leaf, then authority) and {@code key} unless both are there.
     *
     * @param hosts names and addresses that the certificate is for
     */
    public static void ensure(
            Path certificate, Path key, List<String> hosts, Clock clock, SecureRandom random) {
        if (Files.exists(certificate) && Files.exists(key)) {
            return;
        }
        String name = hosts.isEmpty() ? "localhost" : hosts.get(0);
        long seconds = clock.instant().getEpochSecond();
        CertificateAuthority authority =
                CertificateAuthority.create(
                        name + "-ca@" + seconds,
                        false,
                        Algorithm.ECDSA_P256.generate(),
                        VALIDITY,
                        clock,
                        random);
        KeyPair keys = Algorithm.ECDSA_P256.generate();
        Profile profile =
                new Profile(
                        name,
                        Profile.Authority.CLUSTER,
                        name + "@" + seconds,
                        List.of(),
                        false,
                        Set.of(Profile.Usage.SERVER, Profile.Usage.CLIENT),
                        hosts);
        X509Certificate leaf = authority.issue(profile, keys.getPublic(), VALIDITY);
        PemFiles.write(key, PemFiles.pem(keys), true);
        PemFiles.write(
                certificate, PemFiles.pem(leaf) + PemFiles.pem(authority.certificate()), false);
    }
}
