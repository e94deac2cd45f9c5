package io.jarnetes.base.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a private key is that of a certificate, in the words of Go's {@code tls.X509KeyPair}. */
final class KeyMatch {
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

    private KeyMatch() {}

    /**
     * Null if the keys are a pair.
     *
     * @param pkcs8 the private key as it was read
     */
    static @Nullable String mismatch(PublicKey certified, PrivateKey key, byte[] pkcs8) {
        if (!type(certified.getAlgorithm()).equals(type(key.getAlgorithm()))) {
            return "tls: private key type does not match public key type";
        }
        boolean pair =
                certified instanceof RSAKey left && key instanceof RSAKey right
                        ? left.getModulus().equals(right.getModulus())
                        : holds(pkcs8, certified) || signs(certified, key);
        return pair ? null : "tls: private key does not match public key";
    }

    /** The JDK calls the keys of one curve by two names. */
    private static String type(String algorithm) {
        return algorithm.equals("EdDSA") ? "Ed25519" : algorithm;
    }

    /**
     * Whether the public key stands in the private one's file, where openssl and Go write it (RFC
     * 5915); to see it there costs nothing of a program's start.
     */
    private static boolean holds(byte[] pkcs8, PublicKey certified) {
        if (!certified.getAlgorithm().equals("EC")) {
            return false;
        }
        byte[] info = certified.getEncoded();
        // The last of a SubjectPublicKeyInfo is the point: 4, x, y.
        int coordinates = (fieldBits(certified) + 7) / 8 * 2;
        byte[] point = Arrays.copyOfRange(info, info.length - 1 - coordinates, info.length);
        int at = pkcs8.length - point.length;
        for (; at >= 0; at--) {
            if (Arrays.equals(pkcs8, at, at + point.length, point, 0, point.length)) {
                return true;
            }
        }
        return false;
    }

    private static int fieldBits(PublicKey key) {
        return ((java.security.interfaces.ECPublicKey) key)
                .getParams()
                .getCurve()
                .getField()
                .getFieldSize();
    }

    private static boolean signs(PublicKey certified, PrivateKey key) {
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519";
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Keys of two curves.
            return false;
        }
    }
}
