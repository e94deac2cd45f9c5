package io.jarnetes.etcd.client;

/**
 * What to read. Made by {@link #key}, {@link #prefix} or {@link #range}, then narrowed by the
 * methods named after the fields of etcd's RangeRequest.
 *
 * @param end exclusive; empty for one key, {@link Keys#fromKey} for all keys from {@code key} on
 * @param limit at most so many keys; 0 for all
 * @param revision read as of this revision; 0 for now
 * @param serializable answered by any member without asking the others: may be stale
 * @param minModRevision 0 for any, as are the other three bounds; inclusive
 */
public record RangeOptions(
        byte[] key,
        byte[] end,
        long limit,
        long revision,
        Order order,
        Target target,
        boolean serializable,
        boolean keysOnly,
        boolean countOnly,
        long minModRevision,
        long maxModRevision,
        long minCreateRevision,
        long maxCreateRevision) {

    /** How the answer is sorted; NONE comes in key order. */
    public enum Order {
        NONE,
        ASCEND,
        DESCEND
    }

    /** What it is sorted by. */
    public enum Target {
        KEY,
        VERSION,
        CREATE,
        MOD,
        VALUE
    }

    private static final byte[] NO_END = {};

    public static RangeOptions key(byte[] key) {
        return range(key, NO_END);
    }

    public static RangeOptions prefix(byte[] prefix) {
        return prefix.length == 0
                ? range(new byte[1], Keys.fromKey())
                : range(prefix, Keys.prefixEnd(prefix));
    }

    public static RangeOptions range(byte[] key, byte[] end) {
        return new RangeOptions(
                key, end, 0, 0, Order.NONE, Target.KEY, false, false, false, 0, 0, 0, 0);
    }

    public RangeOptions withLimit(long keys) {
        return copy(keys, revision, order, target, serializable, keysOnly, countOnly);
    }

    public RangeOptions atRevision(long asOf) {
        return copy(limit, asOf, order, target, serializable, keysOnly, countOnly);
    }

    public RangeOptions sorted(Order by, Target what) {
        return copy(limit, revision, by, what, serializable, keysOnly, countOnly);
    }

    public RangeOptions asSerializable() {
        return copy(limit, revision, order, target, true, keysOnly, countOnly);
    }

    public RangeOptions asKeysOnly() {
        return copy(limit, revision, order, target, serializable, true, countOnly);
    }

    public RangeOptions asCountOnly() {
        return copy(limit, revision, order, target, serializable, keysOnly, true);
    }

    public RangeOptions modifiedBetween(long first, long last) {
        return new RangeOptions(
                key,
                end,
                limit,
                revision,
                order,
                target,
                serializable,
                keysOnly,
                countOnly,
                first,
                last,
                minCreateRevision,
                maxCreateRevision);
    }

    public RangeOptions createdBetween(long first, long last) {
        return new RangeOptions(
                key,
                end,
                limit,
                revision,
                order,
                target,
                serializable,
                keysOnly,
                countOnly,
                minModRevision,
                maxModRevision,
                first,
                last);
    }

    private RangeOptions copy(
            long keys,
            long asOf,
            Order by,
            Target what,
            boolean anyMember,
            boolean onlyKeys,
            boolean onlyCount) {
        return new RangeOptions(
                key,
                end,
                keys,
                asOf,
                by,
                what,
                anyMember,
                onlyKeys,
                onlyCount,
                minModRevision,
                maxModRevision,
                minCreateRevision,
                maxCreateRevision);
    }
}
