package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * raftpb.Entry, raftpb.HardState and walpb.Snapshot as bytes. Numbers are written even if zero, as
 * upstream's members do and as 3.7 insists on.
 */
final class Codec {
    private Codec() {}

    static void put(ByteBuffer target, Entry entry) {
        Proto.putField(target, 1, entry.type().number());
        Proto.putField(target, 2, entry.term());
        Proto.putField(target, 3, entry.index());
        if (entry.data().length > 0) {
            Proto.putBytesHeader(target, 4, entry.data().length);
            target.put(entry.data());
        }
    }

    static int size(Entry entry) {
        return entry.sizeBytes();
    }

    static void put(ByteBuffer target, HardState state) {
        Proto.putField(target, 1, state.term());
        Proto.putField(target, 2, state.vote());
        Proto.putField(target, 3, state.commit());
    }

    static int size(HardState state) {
        return 3
                + Proto.varintBytes(state.term())
                + Proto.varintBytes(state.vote())
                + Proto.varintBytes(state.commit());
    }

    static byte[] encode(WalSnapshot snapshot) {
        byte[] conf = snapshot.confState() == null ? null : encode(snapshot.confState());
        int size = 2 + Proto.varintBytes(snapshot.index()) + Proto.varintBytes(snapshot.term());
        if (conf != null) {
            size += 1 + Proto.varintBytes(conf.length) + conf.length;
        }
        ByteBuffer target = ByteBuffer.allocate(size);
        Proto.putField(target, 1, snapshot.index());
        Proto.putField(target, 2, snapshot.term());
        if (conf != null) {
            Proto.putBytesHeader(target, 3, conf.length);
            target.put(conf);
        }
        return target.array();
    }

    private static byte[] encode(ConfState conf) {
        List<List<Long>> lists =
                List.of(conf.voters(), conf.learners(), conf.votersOutgoing(), conf.learnersNext());
        int size = 2;
        for (List<Long> ids : lists) {
            size += ids.stream().mapToInt(id -> 1 + Proto.varintBytes(id)).sum();
        }
        ByteBuffer target = ByteBuffer.allocate(size);
        for (int field = 1; field <= lists.size(); field++) {
            for (long id : lists.get(field - 1)) {
                Proto.putField(target, field, id);
            }
        }
        Proto.putField(target, 5, conf.autoLeave() ? 1 : 0);
        return target.array();
    }

    static Entry entry(ByteBuffer source) {
        long type = 0;
        long term = 0;
        long index = 0;
        byte[] data = Entry.NO_DATA;
        while (source.hasRemaining()) {
            int tag = (int) Proto.varint(source);
            switch (tag) {
                case 1 << 3 -> type = Proto.varint(source);
                case 2 << 3 -> term = Proto.varint(source);
                case 3 << 3 -> index = Proto.varint(source);
                case 4 << 3 | Proto.BYTES -> data = Proto.copy(Proto.bytes(source));
                default -> Proto.skip(source, tag & 7);
            }
        }
        if (type < 0 || type > 2) {
            throw new Proto.MalformedException("raft entry type " + type);
        }
        return new Entry(EntryType.of((int) type), term, index, data);
    }

    static HardState hardState(ByteBuffer source) {
        long[] fields = new long[4];
        while (source.hasRemaining()) {
            int tag = (int) Proto.varint(source);
            switch (tag) {
                case 1 << 3, 2 << 3, 3 << 3 -> fields[tag >> 3] = Proto.varint(source);
                // An entry whose record is said to be a state.
                case 4 << 3 | Proto.BYTES ->
                        throw new Proto.MalformedException("a state that has data");
                default -> Proto.skip(source, tag & 7);
            }
        }
        return new HardState(fields[1], fields[2], fields[3]);
    }

    static WalSnapshot snapshot(ByteBuffer source) {
        long index = 0;
        long term = 0;
        @Nullable ConfState conf = null;
        while (source.hasRemaining()) {
            int tag = (int) Proto.varint(source);
            switch (tag) {
                case 1 << 3 -> index = Proto.varint(source);
                case 2 << 3 -> term = Proto.varint(source);
                case 3 << 3 | Proto.BYTES -> conf = confState(Proto.bytes(source));
                default -> Proto.skip(source, tag & 7);
            }
        }
        return new WalSnapshot(index, term, conf);
    }

    private static ConfState confState(ByteBuffer source) {
        List<List<Long>> lists = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            lists.add(new ArrayList<>());
        }
        boolean autoLeave = false;
        while (source.hasRemaining()) {
            int tag = (int) Proto.varint(source);
            int field = tag >> 3;
            if (field >= 1 && field <= 4 && (tag & 7) == Proto.VARINT) {
                lists.get(field - 1).add(Proto.varint(source));
            } else if (field >= 1 && field <= 4 && (tag & 7) == Proto.BYTES) {
                ByteBuffer packed = Proto.bytes(source);
                while (packed.hasRemaining()) {
                    lists.get(field - 1).add(Proto.varint(packed));
                }
            } else if (tag == 5 << 3) {
                autoLeave = Proto.varint(source) != 0;
            } else {
                Proto.skip(source, tag & 7);
            }
        }
        return new ConfState(lists.get(0), lists.get(1), lists.get(2), lists.get(3), autoLeave);
    }
}
