package io.jarnetes.etcd.server;

import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import io.jarnetes.pki.Profile;
import io.jarnetes.pki.Profiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Authorities, and files with certificates of them. */
final class TestPki {
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private TestPki() {}

    static CertificateAuthority authority(String name) {
        return CertificateAuthority.create(
                name,
                false,
                Algorithm.ECDSA_P256.generate(),
                Duration.ofDays(1),
                Clock.systemUTC(),
                new SecureRandom());
    }

    /** A certificate for both sides of a connection with this host, and its key. */
    static void identity(CertificateAuthority ca, Path cert, Path key, String... hosts)
            throws IOException {
        identity(ca, Profiles.etcdPeer(List.of(hosts)), cert, key);
    }

    static void identity(CertificateAuthority ca, Profile profile, Path cert, Path key)
            throws IOException {
        KeyPair keys = Algorithm.ECDSA_P256.generate();
        X509Certificate leaf = ca.issue(profile, keys.getPublic(), Duration.ofDays(1));
        replace(key, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        replace(cert, pem(leaf));
    }

    static void bundle(Path file, CertificateAuthority... authorities) throws IOException {
        StringBuilder all = new StringBuilder();
        for (CertificateAuthority ca : authorities) {
            all.append(pem(ca.certificate()));
        }
        replace(file, all.toString());
    }

    private static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN "
                + type
                + "-----\n"
                + LINES.encodeToString(der)
                + "\n-----END "
                + type
                + "-----\n";
    }

    /** At once, as those do it who rotate certificates. */
    static void replace(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text);
        Files.move(
                aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A list of these serial numbers, by an authority that nobody asks after. */
    static void revocations(Path file, BigInteger... serials) throws Exception {
        Date now = new Date();
        X509v2CRLBuilder list = new X509v2CRLBuilder(new X500Name("CN=crl"), now);
        for (BigInteger serial : serials) {
            list.addCRLEntry(serial, now, 0);
        }
        KeyPair keys = Algorithm.ECDSA_P256.generate();
        ContentSigner signer =
                new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        replace(file, pem("X509 CRL", list.build(signer).getEncoded()));
    }
}
