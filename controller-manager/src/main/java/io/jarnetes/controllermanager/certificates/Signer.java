package io.jarnetes.controllermanager.certificates;

import io.jarnetes.base.tls.Pem;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Signs requests with a CA as kube-controller-manager does: what is asked for, never a CA. */
final class Signer {

    private static final Duration BACKDATE = Duration.ofMinutes(5);
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    /** Below it the end is not moved back with the start. */
    private static final Duration SHORT = Duration.ofHours(8);

    private static final int SERIAL_BITS = 120;

    private static final Map<String, Integer> USAGES =
            Map.of(
                    "signing", KeyUsage.digitalSignature,
                    "digital signature", KeyUsage.digitalSignature,
                    "content commitment", KeyUsage.nonRepudiation,
                    "key encipherment", KeyUsage.keyEncipherment,
                    "key agreement", KeyUsage.keyAgreement,
                    "data encipherment", KeyUsage.dataEncipherment,
                    "cert sign", KeyUsage.keyCertSign,
                    "crl sign", KeyUsage.cRLSign,
                    "encipher only", KeyUsage.encipherOnly,
                    "decipher only", KeyUsage.decipherOnly);

    private static final Map<String, KeyPurposeId> PURPOSES =
            Map.of(
                    "any", KeyPurposeId.anyExtendedKeyUsage,
                    "server auth", KeyPurposeId.id_kp_serverAuth,
                    "client auth", KeyPurposeId.id_kp_clientAuth,
                    "code signing", KeyPurposeId.id_kp_codeSigning,
                    "email protection", KeyPurposeId.id_kp_emailProtection,
                    "s/mime", KeyPurposeId.id_kp_emailProtection,
                    "timestamping", KeyPurposeId.id_kp_timeStamping,
                    "ocsp signing", KeyPurposeId.id_kp_OCSPSigning);

    private final X509Certificate authority;
    private final PrivateKey key;
    private final Duration longest;

    /**
     * @param certificate of the CA, PEM
     * @param longest life of what it signs
     */
    Signer(String certificate, String key, Duration longest) {
        this.authority = Pem.certificates(certificate, "the signing certificate").getFirst();
        this.key = Pem.privateKey(key, "the signing key");
        this.longest = longest;
    }

    /**
     * @return PEM
     * @throws IOException if the usages are unknown or the CA has expired
     */
    String sign(Request request, Instant now) throws IOException {
        Instant end = authority.getNotAfter().toInstant();
        if (!now.isBefore(end)) {
            throw new IOException(
                    "refusing to sign a certificate that expired in the past: NotAfter=" + end);
        }
        Duration life = life(request);
        Instant until = now.plus(life.compareTo(SHORT) < 0 ? life : life.minus(BACKDATE));
        X509v3CertificateBuilder builder =
                new X509v3CertificateBuilder(
                        X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                        new BigInteger(SERIAL_BITS, new SecureRandom()),
                        Date.from(now.minus(BACKDATE)),
                        Date.from(until.isBefore(end) ? until : end),
                        request.pkcs10().getSubject(),
                        request.pkcs10().getSubjectPublicKeyInfo());
        try {
            extensions(builder, request);
            String algorithm =
                    key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            X509CertificateHolder signed =
                    builder.build(new JcaContentSignerBuilder(algorithm).build(key));
            return pem(signed.getEncoded());
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IOException("the signing key can't be used: " + e.getMessage(), e);
        }
    }

    private Duration life(Request request) {
        int seconds = request.object().number(0, "spec", "expirationSeconds");
        if (seconds == 0 || Duration.ofSeconds(seconds).compareTo(longest) > 0) {
            return longest;
        }
        Duration asked = Duration.ofSeconds(seconds);
        return asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
    }

    private void extensions(X509v3CertificateBuilder builder, Request request)
            throws IOException, GeneralSecurityException {
        int bits = 0;
        List<KeyPurposeId> purposes = new ArrayList<>();
        for (String usage : request.usages()) {
            Integer bit = USAGES.get(usage);
            KeyPurposeId purpose = PURPOSES.get(usage);
            if (bit != null) {
                bits |= bit;
            } else if (purpose != null) {
                purposes.add(purpose);
            } else {
                throw new IOException("unrecognized usage values: [\"" + usage + "\"]");
            }
        }
        if (bits != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(bits));
        }
        if (!purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        }
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
        GeneralNames names = request.names();
        if (names != null) {
            builder.addExtension(Extension.subjectAlternativeName, false, names);
        }
    }

    private static String pem(byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("CERTIFICATE", der));
        }
        return text.toString();
    }
}
