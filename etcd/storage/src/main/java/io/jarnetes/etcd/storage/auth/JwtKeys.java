package io.jarnetes.etcd.storage.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * What signs and verifies tokens.
 *
 * @param algorithm the one algorithm that is accepted
 * @param signer null when only a public key was given
 * @param verifier checks signatures
 */
record JwtKeys(JWSAlgorithm algorithm, @Nullable JWSSigner signer, JWSVerifier verifier) {
    /**
     * Keys for a signing method.
     *
     * @param privateFile PEM, or for HS256, HS384 and HS512 the secret itself; null for none
     * @param publicFile PEM; null for none
     */
    static JwtKeys of(String method, byte @Nullable [] privateFile, byte @Nullable [] publicFile) {
        JWSAlgorithm algorithm = algorithm(method);
        try {
            if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
                if (privateFile == null || privateFile.length == 0) {
                    throw new AuthException(AuthException.Code.MISSING_KEY);
                }
                return new JwtKeys(
                        algorithm, new MACSigner(privateFile), new MACVerifier(privateFile));
            }
            return asymmetric(algorithm, privateFile, publicFile);
        } catch (JOSEException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "--auth-token: the keys do not fit the sign-method " + method, e);
        }
    }

    private static JWSAlgorithm algorithm(String method) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(method);
        if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)
                || JWSAlgorithm.Family.RSA.contains(algorithm)
                || algorithm.equals(JWSAlgorithm.ES256)
                || algorithm.equals(JWSAlgorithm.ES384)
                || algorithm.equals(JWSAlgorithm.ES512)
                || algorithm.equals(JWSAlgorithm.EdDSA)) {
            return algorithm;
        }
        throw new AuthException(AuthException.Code.INVALID_AUTH_METHOD);
    }

    private static JwtKeys asymmetric(
            JWSAlgorithm algorithm, byte @Nullable [] privateFile, byte @Nullable [] publicFile)
            throws JOSEException {
        PemKeys.Pair own = privateFile == null ? null : PemKeys.privateKey(privateFile);
        PublicKey given = publicFile == null ? null : PemKeys.publicKey(publicFile);
        if (own == null) {
            if (given == null) {
                throw new AuthException(AuthException.Code.MISSING_KEY);
            }
            return new JwtKeys(algorithm, null, verifier(given));
        }
        PublicKey derived = own.publicKey();
        if (given != null && derived != null && !given.equals(derived)) {
            throw new AuthException(AuthException.Code.KEY_MISMATCH);
        }
        PublicKey verifying = given != null ? given : derived;
        if (verifying == null) {
            throw new IllegalArgumentException(
                    "--auth-token: the file of priv-key does not hold the public key too; give it"
                            + " as pub-key");
        }
        return new JwtKeys(algorithm, signer(own.privateKey()), verifier(verifying));
    }

    private static JWSSigner signer(PrivateKey key) throws JOSEException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> new RSASSASigner(key);
            case "EC" -> new ECDSASigner((ECPrivateKey) key);
            default -> new EdDsa.Signer(key);
        };
    }

    private static JWSVerifier verifier(PublicKey key) throws JOSEException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> new RSASSAVerifier((RSAPublicKey) key);
            case "EC" -> new ECDSAVerifier((ECPublicKey) key);
            default -> new EdDsa.Verifier(key);
        };
    }
}
