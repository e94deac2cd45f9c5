package io.jarnetes.apiserver.server.discovery;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash of a document, as discovery and OpenAPI use it to avoid sending it twice. */
public final class ETag {
    private ETag() {}

    /** 128 upper-case hexadecimal digits: SHA-512; without the quotes of the header. */
    public static String of(byte[] document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(document);
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }
}
