package io.jarnetes.etcd.client;

import org.jspecify.annotations.Nullable;

/**
 * A condition of a transaction on a key, or on all keys of a range. A missing key compares as zero;
 * a value compare with a missing key is false.
 *
 * @param end as in {@link RangeOptions}
 * @param number what VERSION, CREATE, MOD and LEASE are compared with
 * @param value what VALUE is compared with
 */
public record Compare(
        byte[] key,
        byte[] end,
        Target target,
        Result result,
        long number,
        byte @Nullable [] value) {

    /** What of the key is compared. */
    public enum Target {
        VERSION,
        CREATE,
        MOD,
        VALUE,
        LEASE
    }

    /** How the key's side stands to the given one. */
    public enum Result {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL
    }

    private static final byte[] NO_END = {};

    /** The key was last written at this revision; 0 if it must not exist. */
    public static Compare modRevisionIs(byte[] key, long revision) {
        return of(key, Target.MOD, Result.EQUAL, revision);
    }

    public static Compare of(byte[] key, Target target, Result result, long number) {
        return new Compare(key, NO_END, target, result, number, null);
    }

    public static Compare ofValue(byte[] key, Result result, byte[] value) {
        return new Compare(key, NO_END, Target.VALUE, result, 0, value);
    }

    /** The same for all keys up to {@code end}. */
    public Compare upTo(byte[] rangeEnd) {
        return new Compare(key, rangeEnd, target, result, number, value);
    }
}
