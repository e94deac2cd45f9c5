package io.jarnetes.kubeclient;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** Key managers and certificates from PEM text. */
final class ClientTls {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([^-]+)-----END");

    /** DER of the algorithm identifiers that SEC 1 and PKCS#1 keys lack. */
    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01,
        0x01, 0x05, 0x00
    };

    private ClientTls() {}

    static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Certificate certificate :
                factory.generateCertificates(
                        new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
            chain.add((X509Certificate) certificate);
        }
        return chain;
    }

    /**
     * @throws GeneralSecurityException if the key is in none of the three forms or not of the
     *     certificate's algorithm
     */
    static KeyManager @Nullable [] keyManagers(@Nullable String certificate, @Nullable String key)
            throws GeneralSecurityException, IOException {
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = certificates(certificate);
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("the client certificate holds no certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] none = new char[0];
        store.setKeyEntry(
                "client", privateKey(key, chain.getFirst()), none, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory.getKeyManagers();
    }

    static PrivateKey privateKey(String pem, X509Certificate certificate)
            throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(pem);
        if (!matcher.find()) {
            throw new GeneralSecurityException(
                    "the client key is none of PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY in PEM");
        }
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
        byte[] pkcs8 =
                switch (matcher.group(1)) {
                    case "PRIVATE KEY" -> der;
                    case "RSA PRIVATE KEY" -> pkcs8(RSA_ALGORITHM, der);
                    default -> pkcs8(ecAlgorithm(certificate), der);
                };
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** The algorithm identifier (with the curve) stands at the start of the public key's DER. */
    private static byte[] ecAlgorithm(X509Certificate certificate) {
        byte[] key = certificate.getPublicKey().getEncoded();
        int start = (key[1] & 0x80) == 0 ? 2 : 2 + (key[1] & 0x7f);
        byte[] algorithm = new byte[2 + key[start + 1]];
        System.arraycopy(key, start, algorithm, 0, algorithm.length);
        return algorithm;
    }

    /** PrivateKeyInfo (RFC 5208): version 0, the algorithm, the key as an octet string. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 0x01, 0x00};
        return der(0x30, version, algorithm, der(0x04, key));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] head =
                length < 0x80
                        ? new byte[] {(byte) tag, (byte) length}
                        : length < 0x100
                                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                                : new byte[] {
                                    (byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length
                                };
        byte[] all = new byte[head.length + length];
        System.arraycopy(head, 0, all, 0, head.length);
        int at = head.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
