package io.jarnetes.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A certificate and key that sign others (RFC 5280). */
public final class CertificateAuthority {

    /** How far the start of validity lies back, for clocks that go slow. */
    private static final Duration BACKDATE = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 159;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final Clock clock;
    private final SecureRandom random;

    /** An authority that is there already. */
    public CertificateAuthority(
            X509Certificate certificate, PrivateKey key, Clock clock, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new authority that signs itself.
     *
     * @param commonName its name; the cluster's is {@code CA}, as generate.sh's
     */
    public static CertificateAuthority create(
            String commonName,
            boolean located,
            KeyPair keys,
            Duration validity,
            Clock clock,
            SecureRandom random) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        if (located) {
            locate(subject);
        }
        X500Name name = subject.addRDN(BCStyle.CN, commonName).build();
        Instant now = clock.instant();
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(SERIAL_BITS, random),
                            Date.from(now.minus(BACKDATE)),
                            Date.from(now.plus(validity)),
                            name,
                            keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    ids.createSubjectKeyIdentifier(keys.getPublic()));
            return new CertificateAuthority(
                    sign(builder, keys.getPrivate()), keys.getPrivate(), clock, random);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new PkiException("the certificate authority " + commonName + " can't be made", e);
        }
    }

    /** Whether the certificate is an authority's and the key is the certificate's. */
    boolean matches() {
        byte[] sample = certificate.getSerialNumber().toByteArray();
        try {
            Signature signature = Signature.getInstance(Algorithm.signature(key));
            signature.initSign(key, random);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(sample);
            return certificate.getBasicConstraints() >= 0 && signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A certificate for a key. */
    public X509Certificate issue(Profile profile, PublicKey subjectKey, Duration validity) {
        Instant now = clock.instant();
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            X500Name.getInstance(
                                    certificate.getSubjectX500Principal().getEncoded()),
                            new BigInteger(SERIAL_BITS, random),
                            Date.from(now.minus(BACKDATE)),
                            Date.from(now.plus(validity)),
                            subject(profile),
                            subjectKey);
            builder.addExtension(Extension.basicConstraints, false, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(Extension.extendedKeyUsage, false, usages(profile));
            if (!profile.hosts().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(profile));
            }
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    ids.createSubjectKeyIdentifier(subjectKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    ids.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return sign(builder, key);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new PkiException("the certificate " + profile.name() + " can't be made", e);
        }
    }

    /** A certificate signing request (PKCS #10) with the profile's names, as generate.sh keeps. */
    public static byte[] request(Profile profile, KeyPair keys) {
        try {
            PKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequestBuilder(subject(profile), keys.getPublic())
                            .build(
                                    new JcaContentSignerBuilder(
                                                    Algorithm.signature(keys.getPrivate()))
                                            .build(keys.getPrivate()));
            return request.getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new PkiException("the request for " + profile.name() + " can't be made", e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder(Algorithm.signature(key)).build(key)));
    }

    private static X500Name subject(Profile profile) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        subject.addRDN(BCStyle.CN, profile.commonName());
        profile.organizations().forEach(group -> subject.addRDN(BCStyle.O, group));
        if (profile.located()) {
            locate(subject);
        }
        return subject.build();
    }

    private static void locate(X500NameBuilder subject) {
        subject.addRDN(BCStyle.C, "TW").addRDN(BCStyle.ST, "Taiwan").addRDN(BCStyle.L, "Taichung");
    }

    private static ExtendedKeyUsage usages(Profile profile) {
        List<KeyPurposeId> ids = new ArrayList<>();
        if (profile.usages().contains(Profile.Usage.CLIENT)) {
            ids.add(KeyPurposeId.id_kp_clientAuth);
        }
        if (profile.usages().contains(Profile.Usage.SERVER)) {
            ids.add(KeyPurposeId.id_kp_serverAuth);
        }
        return new ExtendedKeyUsage(ids.toArray(KeyPurposeId[]::new));
    }

    private static GeneralNames names(Profile profile) {
        return new GeneralNames(
                profile.hosts().stream()
                        .map(host ->
                                new GeneralName(
                                        isAddress(host)
                                                ? GeneralName.iPAddress
                                                : GeneralName.dNSName,
                                        host))
                        .toArray(GeneralName[]::new));
    }

    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9]+(\\.[0-9]+){3}");
    }

    void writeTo(java.nio.file.Path keyFile, java.nio.file.Path certificateFile) {
        KeyPair keys = new KeyPair(certificate.getPublicKey(), key);
        PemFiles.writePair(keyFile, keys, certificateFile, certificate);
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }
}
