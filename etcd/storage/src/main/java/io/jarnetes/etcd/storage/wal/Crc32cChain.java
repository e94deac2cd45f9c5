package io.jarnetes.etcd.storage.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A CRC-32C that can go on from any value. Java's own (which the machine computes) always starts at
 * zero; so it is first fed the four bytes after which it has the wanted value.
 */
final class Crc32cChain {
    private static final int POLYNOMIAL = 0x82F63B78;
    private static final int START = 0xFFFFFFFF;

    private final CRC32C crc = new CRC32C();

    /** Goes on from {@code value}. */
    void seed(int value) {
        crc.reset();
        if (value == 0) {
            return;
        }
        byte[] prefix = prefixOf(value);
        crc.update(prefix, 0, prefix.length);
    }

    void update(ByteBuffer data) {
        crc.update(data);
    }

    int value() {
        return (int) crc.getValue();
    }

    /** The four bytes whose CRC is {@code value}: the register is run backwards over them. */
    private static byte[] prefixOf(int value) {
        int register = ~value;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            register = register < 0 ? ((register ^ POLYNOMIAL) << 1) | 1 : register << 1;
        }
        register ^= START;
        byte[] prefix = new byte[Integer.BYTES];
        for (int i = 0; i < prefix.length; i++) {
            prefix[i] = (byte) (register >>> (i * Byte.SIZE));
        }
        return prefix;
    }
}
