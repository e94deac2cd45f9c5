package io.jarnetes.etcd.server.driver;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SoftState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A log, a network and an applier that write down, in one list, what is asked of them. */
final class Recorder implements DurableLog, DriverEvents {
    private final List<String> lines = new ArrayList<>();
    private boolean failing;

    /** What was asked since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    /** Lets all writes fail from now on. */
    void fail() {
        failing = true;
    }

    void send(List<Message> messages) {
        for (Message m : messages) {
            lines.add(
                    "send "
                            + m.type()
                            + " to "
                            + m.to()
                            + (m.entries().isEmpty() ? "" : " " + indexes(m.entries()))
                            + (m.reject() ? " reject" : ""));
        }
    }

    private static String indexes(List<Entry> entries) {
        return entries.stream()
                .map(e -> Long.toString(e.index()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void write(String line) {
        if (failing) {
            throw new IllegalStateException("the disk refuses: " + line);
        }
        lines.add(line);
    }

    @Override
    public void save(HardState state, List<Entry> entries) {
        String vote = state.isEmpty() ? "" : " term " + state.term() + " vote " + state.vote();
        if (!state.isEmpty() || !entries.isEmpty()) {
            write("save" + vote + (entries.isEmpty() ? "" : " " + indexes(entries)));
        }
    }

    @Override
    public void sync() {
        write("sync");
    }

    @Override
    public void saveSnapshot(Snapshot snapshot) {
        write("save snapshot " + snapshot.metadata().index());
    }

    @Override
    public void release(long index) {
        write("release " + index);
    }

    @Override
    public void close() {}

    @Override
    public void softState(SoftState state) {}

    @Override
    public void committed(List<Entry> entries) {
        lines.add("apply " + indexes(entries));
    }

    @Override
    public void snapshotSaved(Snapshot snapshot) {
        lines.add("restore " + snapshot.metadata().index());
    }

    @Override
    public void readStates(List<ReadState> states) {
        states.forEach(state -> lines.add("read at " + state.index()));
    }

    @Override
    public void snapshotWanted(Message message) {
        lines.add("send snapshot to " + message.to());
    }
}
