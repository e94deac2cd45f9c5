package io.jarnetes.etcd.storage.auth;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Rewraps keys between the old formats (PKCS#1, SEC 1) and those that the JDK reads (PKCS#8,
 * X.509).
 */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xa0;
    private static final int PUBLIC_KEY = 0xa1;
    private static final byte[] ZERO = {INTEGER, 1, 0};
    private static final byte[] RSA_ENCRYPTION =
            HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY_OID = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Der() {}

    static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return tlv(SEQUENCE, ZERO, RSA_ENCRYPTION, tlv(OCTET_STRING, pkcs1));
    }

    static byte[] spkiOfRsa(byte[] pkcs1) {
        return tlv(SEQUENCE, RSA_ENCRYPTION, tlv(BIT_STRING, new byte[1], pkcs1));
    }

    static byte[] pkcs8OfEc(byte[] sec1) {
        byte[] curve = field(new Reader(sec1).enter(SEQUENCE), CURVE);
        if (curve == null) {
            throw new IllegalArgumentException("an EC private key does not name its curve");
        }
        byte[] algorithm = tlv(SEQUENCE, EC_PUBLIC_KEY_OID, curve);
        return tlv(SEQUENCE, ZERO, algorithm, tlv(OCTET_STRING, sec1));
    }

    /** The public key that stands beside an EC private one, as X.509; null when there is none. */
    static byte @Nullable [] spkiOfEcPrivate(byte[] pkcs8) {
        Reader outer = new Reader(pkcs8).enter(SEQUENCE);
        outer.skip();
        byte[] algorithm = outer.whole();
        byte[] point = field(outer.enter(OCTET_STRING).enter(SEQUENCE), PUBLIC_KEY);
        return point == null ? null : tlv(SEQUENCE, algorithm, point);
    }

    private static byte @Nullable [] field(Reader reader, int tag) {
        while (reader.more()) {
            if (reader.tag() == tag) {
                return reader.enter(tag).rest();
            }
            reader.skip();
        }
        return null;
    }

    private static byte[] tlv(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
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
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return at < bytes.length;
        }

        int tag() {
            return bytes[at] & 0xff;
        }

        /** Steps over the next element and returns its content. */
        private byte[] content() {
            int from = at + 1;
            int length = octet(from++);
            if (length > 0x80) {
                int octets = length & 0x7f;
                length = 0;
                for (int i = 0; i < octets && i < Integer.BYTES; i++) {
                    length = length << 8 | octet(from++);
                }
            }
            if (length < 0 || length > bytes.length - from) {
                throw damaged();
            }
            at = from + length;
            return Arrays.copyOfRange(bytes, from, at);
        }

        private int octet(int index) {
            if (index >= bytes.length) {
                throw damaged();
            }
            return bytes[index] & 0xff;
        }

        Reader enter(int tag) {
            if (!more() || tag() != tag) {
                throw damaged();
            }
            return new Reader(content());
        }

        void skip() {
            content();
        }

        byte[] whole() {
            int from = at;
            content();
            return Arrays.copyOfRange(bytes, from, at);
        }

        byte[] rest() {
            return Arrays.copyOfRange(bytes, at, bytes.length);
        }

        private static IllegalArgumentException damaged() {
            return new IllegalArgumentException("a key is no sound DER");
        }
    }
}
