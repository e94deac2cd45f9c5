package io.jarnetes.base.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in PEM (RFC 7468). Private keys may be PKCS#8 ({@code PRIVATE KEY}), PKCS#1
 * ({@code RSA PRIVATE KEY}) or SEC 1 ({@code EC PRIVATE KEY}), as openssl and Go write them.
 */
public final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final byte[] RSA_ALGORITHM = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };
    private static final byte[] EC_PUBLIC_KEY_OID = {
        0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pem() {}

    /** One PEM block: its label and the bytes inside. */
    public record Block(String label, byte[] der) {}

    /** All blocks of a text, in order; text between them is passed over. */
    public static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(
                    new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
        }
        return blocks;
    }

    /**
     * The certificates of a file, leaf first as they stand.
     *
     * @throws TlsException when the file can't be read or holds none
     */
    public static List<X509Certificate> certificates(Path file) {
        return certificates(read(file), file.toString());
    }

    /** The certificates of a text; {@code source} names it in errors. */
    public static List<X509Certificate> certificates(String text, String source) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(text)) {
                if (block.label().equals("CERTIFICATE")) {
                    ByteArrayInputStream der = new ByteArrayInputStream(block.der());
                    certificates.add((X509Certificate) factory.generateCertificate(der));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new TlsException("a certificate in " + source + " can't be parsed", e);
        }
        if (certificates.isEmpty()) {
            throw new TlsException(
                    source + " holds no certificate; a PEM block CERTIFICATE is needed");
        }
        return certificates;
    }

    /**
     * The first private key of a file.
     *
     * @throws TlsException when the file can't be read or holds none
     */
    public static PrivateKey privateKey(Path file) {
        return privateKey(read(file), file.toString());
    }

    /** The first private key of a text; {@code source} names it in errors. */
    public static PrivateKey privateKey(String text, String source) {
        return pkcs8(pkcs8Bytes(text, source), source);
    }

    /** The first private key of a text as PKCS#8, with all that stands in it. */
    static byte[] pkcs8Bytes(String text, String source) {
        for (Block block : blocks(text)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return block.der();
                }
                case "RSA PRIVATE KEY" -> {
                    return wrap(RSA_ALGORITHM, block.der());
                }
                case "EC PRIVATE KEY" -> {
                    return wrap(ecAlgorithm(block.der(), source), block.der());
                }
                default -> {
                    // EC PARAMETERS, certificates: not the key.
                }
            }
        }
        throw new TlsException(
                source + " holds no private key; PEM in PKCS#8, PKCS#1 or SEC 1 is needed");
    }

    /**
     * The public keys of a file: {@code PUBLIC KEY} blocks, and those of certificates and private
     * RSA keys in it, as {@code --service-account-key-file} takes them.
     */
    public static List<PublicKey> publicKeys(Path file) {
        String text = read(file);
        List<PublicKey> keys = new ArrayList<>();
        for (Block block : blocks(text)) {
            switch (block.label()) {
                case "PUBLIC KEY" -> keys.add(publicKey(block.der(), file.toString()));
                case "CERTIFICATE" ->
                        keys.add(certificates(text, file.toString()).get(0).getPublicKey());
                case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                        keys.add(publicOf(privateKey(text, file.toString()), file.toString()));
                default -> {
                    // Parameters.
                }
            }
        }
        if (keys.isEmpty()) {
            throw new TlsException(file + " holds no public key; a PEM block PUBLIC KEY is needed");
        }
        return keys;
    }

    private static PublicKey publicOf(PrivateKey key, String source) {
        try {
            if (key instanceof java.security.interfaces.RSAPrivateCrtKey rsa) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new java.security.spec.RSAPublicKeySpec(
                                        rsa.getModulus(), rsa.getPublicExponent()));
            }
        } catch (GeneralSecurityException e) {
            throw new TlsException("the key in " + source + " can't be used", e);
        }
        throw new TlsException(
                source + " holds a private key that isn't RSA; give its public key instead");
    }

    private static PublicKey publicKey(byte[] der, String source) {
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // The next algorithm may fit.
            }
        }
        throw new TlsException("the public key in " + source + " is neither EC nor RSA");
    }

    static PrivateKey pkcs8(byte[] der, String source) {
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // The next algorithm may fit.
            }
        }
        throw new TlsException("the private key in " + source + " is neither EC, RSA nor Ed25519");
    }

    /** PKCS#8 around a key of an older form (RFC 5208). */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(VERSION_0);
        body.writeBytes(algorithm);
        body.writeBytes(der(0x04, key));
        return der(0x30, body.toByteArray());
    }

    /** The algorithm of a SEC 1 key, whose curve stands in its context tag 0 (RFC 5915). */
    private static byte[] ecAlgorithm(byte[] sec1, String source) {
        for (int at = 0; at + 4 < sec1.length; at++) {
            boolean tagged = (sec1[at] & 0xff) == 0xa0 && sec1[at + 2] == 0x06;
            if (tagged && sec1[at + 1] == sec1[at + 3] + 2) {
                byte[] curve = Arrays.copyOfRange(sec1, at + 2, at + 2 + sec1[at + 1]);
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                body.writeBytes(EC_PUBLIC_KEY_OID);
                body.writeBytes(curve);
                return der(0x30, body.toByteArray());
            }
        }
        throw new TlsException("the EC key in " + source + " doesn't name its curve");
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new TlsException("open " + file + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> "no such file or directory";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
