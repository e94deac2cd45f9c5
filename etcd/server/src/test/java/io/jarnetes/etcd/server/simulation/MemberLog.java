package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.server.driver.DurableLog;
import java.util.List;
import java.util.function.LongSupplier;

/** The real log, on a disk that takes its time; the chains of logs hear what it takes. */
final class MemberLog implements DurableLog {
    private final DurableLog log;
    private final LogChains.Log chain;
    private final LongSupplier latency;
    private HardState lastState = HardState.EMPTY;
    private long spentMicros;

    /**
     * @param latency how long the next sync takes, in microseconds
     */
    MemberLog(DurableLog log, LogChains.Log chain, LongSupplier latency) {
        this.log = log;
        this.chain = chain;
        this.latency = latency;
    }

    LogChains.Log chain() {
        return chain;
    }

    /** How long the disk was busy since the last call, in microseconds. */
    long takeSpentMicros() {
        long spent = spentMicros;
        spentMicros = 0;
        return spent;
    }

    long spentMicros() {
        return spentMicros;
    }

    @Override
    public void save(HardState hardState, List<Entry> entries) {
        boolean voted =
                !hardState.isEmpty()
                        && (hardState.term() != lastState.term()
                                || hardState.vote() != lastState.vote());
        if (voted || !entries.isEmpty()) {
            spentMicros += latency.getAsLong();
        }
        lastState = hardState.isEmpty() ? lastState : hardState;
        log.save(hardState, entries);
        chain.append(entries);
    }

    @Override
    public void sync() {
        log.sync();
    }

    @Override
    public void saveSnapshot(Snapshot snapshot) {
        spentMicros += 2 * latency.getAsLong();
        log.saveSnapshot(snapshot);
        chain.reset(snapshot.metadata().index(), snapshot.metadata().term());
    }

    @Override
    public void release(long index) {
        log.release(index);
    }

    @Override
    public void close() {
        log.close();
    }
}
