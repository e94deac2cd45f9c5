package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a row of segments and gathers what they say. */
final class WalReader {
    /** Members' numbers are 64 bits of a hash, and no cluster elects so often. */
    private static final long LEAST_MEMBER_ID = 1L << 40;

    private final List<DiskFile> files;
    private final WalSnapshot from;
    private final Crc32cChain crc = new Crc32cChain();
    private final List<WalSnapshot> snapshots = new ArrayList<>();
    private final ArrayList<Entry> entries = new ArrayList<>();
    private byte @Nullable [] metadata;
    private HardState state = HardState.EMPTY;
    private boolean found;
    private long lastIndex;
    private long end;
    private @Nullable String torn;

    WalReader(List<DiskFile> files, WalSnapshot from) {
        this.files = files;
        this.from = from;
    }

    /** Reads to the end, or to where a write was torn. */
    WalReader run() {
        for (int i = 0; i < files.size(); i++) {
            segment(files.get(i), i == files.size() - 1);
        }
        return this;
    }

    private void segment(DiskFile file, boolean last) {
        RecordReader reader = new RecordReader(file, last, crc);
        while (true) {
            switch (reader.next()) {
                case RecordReader.Found(Record record) -> {
                    try {
                        take(reader, record);
                    } catch (Proto.MalformedException e) {
                        throw corrupt(file, record, e.getMessage());
                    }
                }
                case RecordReader.End(long offset) -> {
                    end = offset;
                    return;
                }
                case RecordReader.Torn(long offset, String reason) -> {
                    end = offset;
                    torn = file.path() + ": torn at offset " + offset + ": " + reason;
                    return;
                }
            }
        }
    }

    private void take(RecordReader reader, Record record) {
        switch (record.type()) {
            case Frame.METADATA -> {
                byte[] data = Proto.copy(record.data());
                if (metadata != null && !Arrays.equals(metadata, data)) {
                    throw new Proto.MalformedException(
                            "its metadata are of another member than those before");
                }
                metadata = data;
            }
            case Frame.ENTRY -> entry(Codec.entry(record.data()));
            case Frame.STATE -> state(Codec.hardState(record.data()));
            case Frame.SNAPSHOT -> snapshot(Codec.snapshot(record.data()));
            case Frame.CRC -> {}
            default -> throw reader.corrupt("record type " + record.type());
        }
    }

    /**
     * The CRC does not cover the type of a record, so that a flipped bit can make an entry of a
     * state or the other way. What Raft promises of both tells them apart.
     */
    private void state(HardState next) {
        if (next.term() < state.term() || next.term() == 0) {
            throw new Proto.MalformedException(
                    "a state of term " + next.term() + " after one of term " + state.term());
        }
        state = next;
    }

    private void entry(Entry entry) {
        if (isEmptyChange(entry)) {
            throw new Proto.MalformedException("a change of members that is empty");
        }
        lastIndex = entry.index();
        if (entry.index() <= from.index()) {
            // It replaced all that stood behind it, too. Upstream keeps those, and with them
            // entries of an old term behind a snapshot of a newer one.
            entries.clear();
            return;
        }
        long place = entry.index() - from.index() - 1;
        if (place > entries.size()) {
            throw new Proto.MalformedException(
                    "entry "
                            + entry.index()
                            + " follows on "
                            + (from.index() + entries.size())
                            + ": entries are missing");
        }
        if (place < entries.size()
                && entry.index() <= state.commit()
                && entry.term() != entries.get((int) place).term()) {
            throw new Proto.MalformedException(
                    "entry " + entry.index() + " is committed and would be replaced");
        }
        // A new leader may have replaced what was not committed.
        entries.subList((int) place, entries.size()).clear();
        entries.add(entry);
    }

    /**
     * Only a change that leaves a joint configuration has no data. A state of term 1 or 2 that is
     * read as an entry has none either; where an entry has its term, it has the vote: nobody, or a
     * member's number.
     */
    private static boolean isEmptyChange(Entry entry) {
        boolean leavesJoint =
                entry.type() == EntryType.CONF_CHANGE_V2
                        && entry.term() > 0
                        && entry.term() < LEAST_MEMBER_ID;
        return entry.type() != EntryType.NORMAL && entry.data().length == 0 && !leavesJoint;
    }

    private void snapshot(WalSnapshot snapshot) {
        snapshots.add(snapshot);
        if (snapshot.index() == from.index()) {
            if (snapshot.term() != from.term()) {
                throw new Proto.MalformedException(
                        "the snapshot at "
                                + snapshot.index()
                                + " is of term "
                                + snapshot.term()
                                + ", not "
                                + from.term());
            }
            found = true;
        }
    }

    private static CorruptFileException corrupt(
            DiskFile file, Record record, @Nullable String found) {
        return new CorruptFileException(
                file.path(), record.offset(), String.valueOf(found), RecordReader.ADVICE);
    }

    WalContents contents() {
        DiskFile file = files.getFirst();
        byte[] known = metadata;
        if (known == null) {
            throw new CorruptFileException(
                    file.path(), 0, "the log has no metadata", RecordReader.ADVICE);
        }
        if (!found) {
            throw new CorruptFileException(
                    file.path(),
                    0,
                    "the log has no record of the snapshot at " + from.index(),
                    RecordReader.ADVICE);
        }
        return new WalContents(known, state, entries, torn);
    }

    byte[] metadata() {
        byte[] known = metadata;
        return known == null ? new byte[0] : known;
    }

    HardState hardState() {
        return state;
    }

    List<WalSnapshot> snapshots() {
        return snapshots;
    }

    /** Where the last segment's next record goes. */
    long end() {
        return end;
    }

    boolean torn() {
        return torn != null;
    }

    /** The index of the last entry that was written, wherever it stood. */
    long lastIndex() {
        return lastIndex;
    }

    int crc() {
        return crc.value();
    }
}
