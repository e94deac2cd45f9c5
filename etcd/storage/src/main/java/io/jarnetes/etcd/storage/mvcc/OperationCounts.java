package io.jarnetes.etcd.storage.mvcc;

import java.util.concurrent.atomic.LongAdder;

/** How much was asked of a store since it was opened, counted as upstream does. Any thread. */
public final class OperationCounts {
    private final LongAdder ranges = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder txns = new LongAdder();
    private final LongAdder putBytes = new LongAdder();

    OperationCounts() {}

    /** A view was read from. */
    void range() {
        ranges.increment();
    }

    /** A request is done that may have changed something: one of several counts as a txn too. */
    void changed(int rangesDone, int putsDone, int deletesDone, long bytesPut) {
        ranges.add(rangesDone);
        puts.add(putsDone);
        deletes.add(deletesDone);
        putBytes.add(bytesPut);
        if (rangesDone + putsDone + deletesDone > 1) {
            txns.increment();
        }
    }

    public long ranges() {
        return ranges.sum();
    }

    public long puts() {
        return puts.sum();
    }

    public long deletes() {
        return deletes.sum();
    }

    public long txns() {
        return txns.sum();
    }

    /** Of keys and values that were put. */
    public long putBytes() {
        return putBytes.sum();
    }
}
