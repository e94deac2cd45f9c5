package io.jarnetes.apiserver.server.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Keys of service-account tokens, their names and algorithms, as upstream derives them. */
public final class ServiceAccountKeys {

    private final List<Entry> entries;

    /**
     * A public key.
     *
     * @param id base64url of the SHA-256 of its SubjectPublicKeyInfo
     */
    public record Entry(String id, PublicKey key) {}

    public ServiceAccountKeys(List<PublicKey> keys) {
        List<Entry> found = new ArrayList<>();
        for (PublicKey key : keys) {
            found.add(new Entry(id(key), key));
        }
        this.entries = List.copyOf(found);
    }

    public List<Entry> entries() {
        return entries;
    }

    /** The public key that belongs to a private one, if it is among these. */
    public Optional<PublicKey> matching(PrivateKey key) {
        return entries.stream()
                .map(Entry::key)
                .filter(candidate -> belongs(candidate, key))
                .findFirst();
    }

    private static boolean belongs(PublicKey candidate, PrivateKey key) {
        if (!candidate.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        try {
            boolean rsa = key.getAlgorithm().equals("RSA");
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            byte[] probe = {1, 2, 3};
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(candidate);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The keys that a token with this {@code kid} may be signed with. */
    List<PublicKey> candidates(String kid) {
        return entries.stream()
                .filter(entry -> kid.isEmpty() || entry.id.equals(kid))
                .map(Entry::key)
                .toList();
    }

    static String id(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks SHA-256", e);
        }
    }

    /** RS256 for RSA, ES256, ES384 or ES512 by the curve. */
    public static JWSAlgorithm algorithm(Key key) {
        return switch (key) {
            case RSAKey rsa -> JWSAlgorithm.RS256;
            case ECKey ec ->
                    switch (ec.getParams().getOrder().bitLength()) {
                        case 256 -> JWSAlgorithm.ES256;
                        case 384 -> JWSAlgorithm.ES384;
                        case 521 -> JWSAlgorithm.ES512;
                        default -> throw unusable(key);
                    };
            default -> throw unusable(key);
        };
    }

    static JWSSigner signer(PrivateKey key) throws JOSEException {
        return key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
    }

    static JWSVerifier verifier(PublicKey key) throws JOSEException {
        return switch (key) {
            case ECPublicKey ec -> new ECDSAVerifier(ec);
            case RSAPublicKey rsa -> new RSASSAVerifier(rsa);
            default -> throw unusable(key);
        };
    }

    private static IllegalArgumentException unusable(Key key) {
        return new IllegalArgumentException(
                "a service-account key must be RSA, or ECDSA on P-256, P-384 or P-521, not "
                        + key.getAlgorithm());
    }
}
