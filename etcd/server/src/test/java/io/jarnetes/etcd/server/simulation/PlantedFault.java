package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.server.driver.DurableLog;
import io.jarnetes.etcd.server.simulation.PatchedClasses.Patch;
import io.jarnetes.etcd.storage.disk.Disk;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** Faults that the simulation must find; they prove that its checks look. */
enum PlantedFault {
    NONE,

    /** Nothing of the log is synced, so that a crash loses what was promised. */
    SKIP_FDATASYNC {
        @Override
        Sabotage sabotage() {
            return new Sabotage() {
                @Override
                Disk disk(Disk disk) {
                    return new UnsyncedDisk(disk);
                }
            };
        }
    },

    /** The vote is never saved. */
    FORGET_VOTE {
        @Override
        Sabotage sabotage() {
            return new Sabotage() {
                @Override
                DurableLog log(DurableLog log) {
                    return new Forwarding(log) {
                        @Override
                        public void save(HardState state, List<Entry> entries) {
                            boolean empty = state.isEmpty();
                            HardState voteless = new HardState(state.term(), 0, state.commit());
                            super.save(empty ? state : voteless, entries);
                        }
                    };
                }
            };
        }
    },

    /** A leader commits what a quorum has, of whatever term: a class patched as it is loaded. */
    COMMIT_OLD_TERM {
        @Override
        LongFunction<Report> runner() {
            return new PatchedClasses(Patch.COMMIT_OLD_TERM).runner();
        }
    },

    /** Answers leave before the write that they promise. */
    ANSWER_BEFORE_SYNC {
        @Override
        Sabotage sabotage() {
            return new Sabotage() {
                @Override
                DurableLog log(DurableLog log) {
                    return new OneBehind(log);
                }
            };
        }
    },

    /** One member leaves a membership change out. */
    DROP_CONF_CHANGE {
        @Override
        Sabotage sabotage() {
            return new Sabotage() {
                @Override
                boolean dropsConfChange(long member) {
                    return member == 1;
                }
            };
        }
    },

    /** Reads are served without asking a quorum. */
    READ_WITHOUT_QUORUM {
        @Override
        Sabotage sabotage() {
            return new Sabotage() {
                @Override
                boolean readsWithoutQuorum() {
                    return true;
                }
            };
        }
    },

    /** A watcher that is connected anew begins one revision too late. */
    LOSE_WATCH_EVENT {
        @Override
        Sabotage sabotage() {
            return new Sabotage() {
                @Override
                long resumesAt(long revision) {
                    return revision + 1;
                }
            };
        }
    };

    Sabotage sabotage() {
        return new Sabotage();
    }

    /** Runs seeds with this fault planted; several threads may call it. */
    LongFunction<Report> runner() {
        return seed -> new Simulation(seed, sabotage()).run();
    }

    /** Its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static PlantedFault of(String word) {
        for (PlantedFault fault : values()) {
            if (fault.word().equals(word)) {
                return fault;
            }
        }
        throw new IllegalArgumentException(
                "no fault \""
                        + word
                        + "\"; there are: "
                        + Arrays.stream(values())
                                .map(PlantedFault::word)
                                .collect(Collectors.joining(" ")));
    }

    private static class Forwarding implements DurableLog {
        private final DurableLog log;

        Forwarding(DurableLog log) {
            this.log = log;
        }

        @Override
        public void save(HardState state, List<Entry> entries) {
            log.save(state, entries);
        }

        @Override
        public void sync() {
            log.sync();
        }

        @Override
        public void saveSnapshot(Snapshot snapshot) {
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

    /** Writes each save when the next one comes. */
    private static final class OneBehind extends Forwarding {
        private HardState state = HardState.EMPTY;
        private List<Entry> entries = List.of();

        OneBehind(DurableLog log) {
            super(log);
        }

        @Override
        public void save(HardState newState, List<Entry> newEntries) {
            super.save(state, entries);
            state = newState;
            entries = newEntries;
        }

        @Override
        public void saveSnapshot(Snapshot snapshot) {
            save(HardState.EMPTY, List.of());
            super.saveSnapshot(snapshot);
        }
    }
}
