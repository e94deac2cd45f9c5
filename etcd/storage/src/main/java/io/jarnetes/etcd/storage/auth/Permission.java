package io.jarnetes.etcd.storage.auth;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a role may do with a range of keys.
 *
 * @param number of a {@link Type}; any other is kept, as upstream does, and permits nothing
 * @param key the first key
 * @param rangeEnd as in requests: empty for the one key, "\0" for all from key on
 */
public record Permission(int number, byte[] key, byte[] rangeEnd) {
    /** The kinds, with etcd's numbers as ordinals. */
    public enum Type {
        READ,
        WRITE,
        READWRITE
    }

    public Permission(Type type, byte[] key, byte[] rangeEnd) {
        this(type.ordinal(), key, rangeEnd);
    }

    private boolean is(Type type) {
        return number == type.ordinal();
    }

    boolean reads() {
        return is(Type.READ) || is(Type.READWRITE);
    }

    boolean writes() {
        return is(Type.WRITE) || is(Type.READWRITE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Permission that
                && number == that.number
                && Arrays.equals(key, that.key)
                && Arrays.equals(rangeEnd, that.rangeEnd);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key) * 31 + Arrays.hashCode(rangeEnd);
    }
}
