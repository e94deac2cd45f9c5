package io.jarnetes.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Certificates and keys as PEM files (RFC 7468); keys in PKCS #8, mode 0600. */
final class PemFiles {

    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private PemFiles() {}

    static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, LINES.encodeToString(der), label);
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new PkiException("a certificate can't be written", e);
        }
    }

    /** The private key; one of a curve with its public half, as openssl and Go write it. */
    static String pem(KeyPair keys) {
        byte[] der = keys.getPrivate().getEncoded();
        return pem(
                "PRIVATE KEY",
                keys.getPrivate() instanceof ECPrivateKey key
                        ? withPoint(der, key, keys.getPublic())
                        : der);
    }

    /** RFC 5915: what reads it sees whose key it is, without computing the point again. */
    private static byte[] withPoint(byte[] pkcs8, ECPrivateKey key, PublicKey publicKey) {
        try {
            var whole =
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                            key.getParams().getOrder().bitLength(),
                            key.getS(),
                            SubjectPublicKeyInfo.getInstance(publicKey.getEncoded())
                                    .getPublicKeyData(),
                            null);
            return new PrivateKeyInfo(
                            PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm(), whole)
                    .getEncoded();
        } catch (IOException e) {
            throw new PkiException("a key can't be written", e);
        }
    }

    static X509Certificate certificate(Path file) {
        try {
            byte[] der = der(file, "CERTIFICATE");
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new java.io.ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new PkiException(file + " holds a certificate that can't be parsed", e);
        }
    }

    /** The key of a file that this room wrote, with its public half from the certificate. */
    static KeyPair keys(Path file, PublicKey publicKey) {
        byte[] der = der(file, "PRIVATE KEY");
        try {
            PrivateKey key =
                    KeyFactory.getInstance(publicKey.getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(der));
            return new KeyPair(publicKey, key);
        } catch (GeneralSecurityException e) {
            throw new PkiException(
                    file
                            + " holds a key that doesn't fit its certificate; remove both to have new ones",
                    e);
        }
    }

    private static byte[] der(Path file, String label) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new PkiException(file + " can't be read: " + reason(e), e);
        }
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new PkiException(file + " holds no PEM block " + label);
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }

    /** Writes a file whole or not at all. */
    static void write(Path file, String text, boolean secret) {
        commit(stage(file, text, secret), file);
    }

    /** Writes a key and its certificate, in place of others or not at all. */
    static void writePair(Path keyFile, KeyPair keys, Path file, X509Certificate certificate) {
        Path keyPart = stage(keyFile, pem(keys), true);
        Path part;
        try {
            part = stage(file, pem(certificate), false);
        } catch (PkiException e) {
            discard(keyPart, e);
            throw e;
        }
        commit(keyPart, keyFile);
        commit(part, file);
    }

    private static Path stage(Path file, String text, boolean secret) {
        Path folder = file.getParent();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.deleteIfExists(part);
            Files.createFile(
                    part,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--")));
            Files.writeString(part, text, StandardCharsets.UTF_8);
            return part;
        } catch (IOException e) {
            PkiException failure = new PkiException(file + " can't be written: " + reason(e), e);
            discard(part, failure);
            throw failure;
        }
    }

    private static void commit(Path part, Path file) {
        try {
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            PkiException failure = new PkiException(file + " can't be written: " + reason(e), e);
            discard(part, failure);
            throw failure;
        }
    }

    private static void discard(Path file, PkiException why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case java.nio.file.NoSuchFileException missing -> "no such file or directory";
            case FileSystemException other when other.getReason() != null ->
                    String.valueOf(other.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }
}
