package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.server.driver.DurableLog;
import java.util.List;
import java.util.function.LongSupplier;

/** The real log, on a disk that takes its time; or with a fault planted. */
final class MemberLog implements DurableLog {
    private final DurableLog log;
    private final PlantedFault fault;
    private final LongSupplier latency;
    private HardState lastState = HardState.EMPTY;
    private HardState heldState = HardState.EMPTY;
    private List<Entry> heldEntries = List.of();
    private long spentMicros;

    /**
     * @param latency how long the next sync takes, in microseconds
     */
    MemberLog(DurableLog log, PlantedFault fault, LongSupplier latency) {
        this.log = log;
        this.fault = fault;
        this.latency = latency;
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
        switch (fault) {
            case FORGET_VOTE ->
                    log.save(
                            hardState.isEmpty()
                                    ? hardState
                                    : new HardState(hardState.term(), 0, hardState.commit()),
                            entries);
            case ANSWER_BEFORE_SYNC -> {
                log.save(heldState, heldEntries);
                heldState = hardState;
                heldEntries = entries;
            }
            default -> log.save(hardState, entries);
        }
    }

    @Override
    public void sync() {
        log.sync();
    }

    @Override
    public void saveSnapshot(Snapshot snapshot) {
        spentMicros += 2 * latency.getAsLong();
        log.save(heldState, heldEntries);
        heldState = HardState.EMPTY;
        heldEntries = List.of();
        log.saveSnapshot(snapshot);
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
