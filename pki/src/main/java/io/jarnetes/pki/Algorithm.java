package io.jarnetes.pki;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of keys that can be made. */
public enum Algorithm {
    /** The default: a key takes milliseconds. */
    ECDSA_P256("ecdsa-p256", "EC", new ECGenParameterSpec("secp256r1")),
    RSA_2048("rsa-2048", "RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)),
    /** As the workshop's generate.sh; a key takes seconds. */
    RSA_4096("rsa-4096", "RSA", new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4));

    private final String word;
    private final String family;
    private final AlgorithmParameterSpec parameters;

    Algorithm(String word, String family, AlgorithmParameterSpec parameters) {
        this.word = word;
        this.family = family;
        this.parameters = parameters;
    }

    /**
     * @throws PkiException naming the words that are known
     */
    public static Algorithm named(String word) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.word.equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new PkiException(
                                "unknown algorithm \"%s\": use one of %s"
                                        .formatted(
                                                word,
                                                Arrays.stream(values())
                                                        .map(a -> a.word)
                                                        .collect(Collectors.joining(", ")))));
    }

    /** A fresh pair of keys. */
    public KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new PkiException("this Java can't make " + word + " keys", e);
        }
    }

    /** The JDK's name of the signature that fits a key. */
    static String signature(Key key) {
        return key instanceof RSAKey ? "SHA256withRSA" : "SHA256withECDSA";
    }

    @Override
    public String toString() {
        return word;
    }
}
