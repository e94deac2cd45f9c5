package io.jarnetes.kubeclient;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A self-signed P-256 certificate for localhost (RFC 5280), written in DER by hand. */
final class SelfSigned {

    private static final Duration LIFE = Duration.ofDays(365);
    private static final int SERIAL_BITS = 120;

    /** ecdsa-with-SHA256. */
    private static final byte[] ALGORITHM =
            bytes(0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

    private static final byte[] COMMON_NAME = bytes(0x06, 0x03, 0x55, 0x04, 0x03);
    private static final byte[] SUBJECT_ALT_NAME = bytes(0x06, 0x03, 0x55, 0x1d, 0x11);

    private SelfSigned() {}

    /**
     * @param name the common name's part before {@code @localhost}
     */
    static ServingKeys.Pair make(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] body = body(name, keys);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] signed = der(0x30, body, ALGORITHM, der(0x03, new byte[] {0}, signature.sign()));
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(signed));
            return new ServingKeys.Pair(new X509Certificate[] {certificate}, keys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK can't make a P-256 certificate", e);
        }
    }

    private static byte[] body(String name, KeyPair keys) {
        Instant now = Instant.now();
        byte[] subject =
                der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, utf8(name + "@localhost")))));
        byte[] names = der(0x30, der(0x82, utf8("localhost")), der(0x87, bytes(127, 0, 0, 1)));
        byte[] extensions = der(0xa3, der(0x30, der(0x30, SUBJECT_ALT_NAME, der(0x04, names))));
        return der(
                0x30,
                der(0xa0, der(0x02, bytes(2))),
                der(0x02, new BigInteger(SERIAL_BITS, new SecureRandom()).toByteArray()),
                ALGORITHM,
                subject,
                der(0x30, time(now.minusSeconds(60)), time(now.plus(LIFE))),
                subject,
                keys.getPublic().getEncoded(),
                extensions);
    }

    private static byte[] time(Instant instant) {
        return der(
                0x17,
                utf8(
                        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
                                .withZone(ZoneOffset.UTC)
                                .format(instant)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
