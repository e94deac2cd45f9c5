package io.jarnetes.etcd.storage.auth;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a role may do with a range of keys.
 *
 * @param type reading, writing or both
 * @param key the first key
 * @param rangeEnd as in requests: empty for the one key, "\0" for all from key on
 */
public record Permission(Type type, byte[] key, byte[] rangeEnd) {
    /** The kinds, with etcd's numbers as ordinals. */
    public enum Type {
        READ,
        WRITE,
        READWRITE
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Permission that
                && type == that.type
                && Arrays.equals(key, that.key)
                && Arrays.equals(rangeEnd, that.rangeEnd);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key) * 31 + Arrays.hashCode(rangeEnd);
    }
}
