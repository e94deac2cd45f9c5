package io.jarnetes.etcd.storage.auth;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.EncodedKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys in PEM files: PKCS#8, PKCS#1, SEC 1, X.509 public keys and certificates. */
final class PemKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    /**
     * A private key, and its public one where the file tells it.
     *
     * @param privateKey signs
     * @param publicKey verifies; null when it is not known
     */
    record Pair(PrivateKey privateKey, @Nullable PublicKey publicKey) {}

    private record Block(String label, byte[] der) {}

    private PemKeys() {}

    private static Block block(byte[] pem) {
        Matcher matcher = BLOCK.matcher(new String(pem, StandardCharsets.US_ASCII));
        while (matcher.find()) {
            String label = matcher.group(1);
            // OpenSSL puts the curve in a block of its own before the key.
            if (!label.equals("EC PARAMETERS")) {
                return new Block(label, Base64.getMimeDecoder().decode(matcher.group(2)));
            }
        }
        throw new IllegalArgumentException("--auth-token: a key file holds no PEM block");
    }

    static Pair privateKey(byte[] pem) {
        Block block = block(pem);
        byte[] pkcs8 =
                switch (block.label()) {
                    case "RSA PRIVATE KEY" -> Der.pkcs8OfRsa(block.der());
                    case "EC PRIVATE KEY" -> Der.pkcs8OfEc(block.der());
                    default -> block.der();
                };
        PrivateKey key = decode(block.label(), new PKCS8EncodedKeySpec(pkcs8), true);
        try {
            return new Pair(key, publicOf(key, pkcs8));
        } catch (GeneralSecurityException e) {
            throw unreadable(block.label(), e);
        }
    }

    private static @Nullable PublicKey publicOf(PrivateKey key, byte[] pkcs8)
            throws GeneralSecurityException {
        if (key instanceof RSAPrivateCrtKey rsa) {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
        }
        if (key instanceof EdECPrivateKey edwards) {
            byte[] seed = edwards.getBytes().orElse(new byte[0]);
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            // The generator's private key is the random bytes it draws: these give the public one.
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
            return generator.generateKeyPair().getPublic();
        }
        byte[] spki = Der.spkiOfEcPrivate(pkcs8);
        return spki == null
                ? null
                : KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    }

    /** Draws the same bytes always. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] bytes;

        Fixed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, Math.min(bytes.length, target.length));
        }
    }

    static PublicKey publicKey(byte[] pem) {
        Block block = block(pem);
        try {
            return switch (block.label()) {
                case "CERTIFICATE" ->
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(block.der()))
                                .getPublicKey();
                case "RSA PUBLIC KEY" ->
                        decode(
                                block.label(),
                                new X509EncodedKeySpec(Der.spkiOfRsa(block.der())),
                                false);
                default -> decode(block.label(), new X509EncodedKeySpec(block.der()), false);
            };
        } catch (GeneralSecurityException e) {
            throw unreadable(block.label(), e);
        }
    }

    /** Whichever algorithm the encoded key names. */
    @SuppressWarnings("unchecked")
    private static <K> K decode(String label, EncodedKeySpec spec, boolean isPrivate) {
        GeneralSecurityException last = new InvalidKeySpecException("no algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                KeyFactory factory = KeyFactory.getInstance(algorithm);
                return (K)
                        (isPrivate ? factory.generatePrivate(spec) : factory.generatePublic(spec));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw unreadable(label, last);
    }

    private static IllegalArgumentException unreadable(String label, Exception e) {
        return new IllegalArgumentException(
                "--auth-token: the block " + label + " of a key file can't be read", e);
    }
}
