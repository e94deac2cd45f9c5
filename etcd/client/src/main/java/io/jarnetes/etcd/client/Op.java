package io.jarnetes.etcd.client;

import java.util.List;

/** One operation, alone or within a transaction. */
public sealed interface Op {

    record Range(RangeOptions options) implements Op {}

    /**
     * @param lease attached to the key; 0 for none
     * @param prevKv whether the answer holds what was there before
     * @param ignoreValue keeps the value of the key, which must exist
     * @param ignoreLease keeps its lease
     */
    record Put(
            byte[] key,
            byte[] value,
            long lease,
            boolean prevKv,
            boolean ignoreValue,
            boolean ignoreLease)
            implements Op {}

    /**
     * @param end as in {@link RangeOptions}
     * @param prevKv whether the answer holds what was deleted
     */
    record Delete(byte[] key, byte[] end, boolean prevKv) implements Op {}

    /** {@code success} is done if every compare holds, {@code failure} otherwise. */
    record Txn(List<Compare> compares, List<Op> success, List<Op> failure) implements Op {
        public Txn {
            compares = List.copyOf(compares);
            success = List.copyOf(success);
            failure = List.copyOf(failure);
        }
    }

    static Op get(byte[] key) {
        return new Range(RangeOptions.key(key));
    }

    static Op put(byte[] key, byte[] value) {
        return new Put(key, value, 0, false, false, false);
    }

    static Op put(byte[] key, byte[] value, long lease) {
        return new Put(key, value, lease, false, false, false);
    }

    static Op delete(byte[] key) {
        return new Delete(key, new byte[0], false);
    }
}
