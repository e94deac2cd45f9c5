package io.jarnetes.etcd.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to an {@link Op}. Within a transaction only the header's revision is set. */
public sealed interface OpResult {

    Header header();

    /**
     * @param more whether the limit cut something off
     * @param count keys in the range, without regard to limit and revision bounds
     */
    record Range(Header header, List<KeyValue> kvs, boolean more, long count) implements OpResult {

        /** The only or first key, or null. */
        public @Nullable KeyValue first() {
            return kvs.isEmpty() ? null : kvs.getFirst();
        }
    }

    /**
     * @param previous what was there before, if it was asked for and there was something
     */
    record Put(Header header, @Nullable KeyValue previous) implements OpResult {}

    /**
     * @param previous what was deleted, if it was asked for
     */
    record Delete(Header header, long deleted, List<KeyValue> previous) implements OpResult {}

    /**
     * @param results one for each operation of the branch that was taken
     */
    record Txn(Header header, boolean succeeded, List<OpResult> results) implements OpResult {}
}
