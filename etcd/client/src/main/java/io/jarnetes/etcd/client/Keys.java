package io.jarnetes.etcd.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys are bytes; these are the ways to write down a range of them. */
public final class Keys {
    /** As a range end: every key from the first one on. */
    private static final byte[] FROM_KEY = {0};

    private Keys() {}

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The range end that stands for all keys from the range's key on. */
    public static byte[] fromKey() {
        return FROM_KEY.clone();
    }

    /** The range end that together with {@code prefix} covers all keys that begin with it. */
    public static byte[] prefixEnd(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return end;
            }
        }
        return fromKey();
    }
}
