package io.jarnetes.etcd.storage.snap;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.jarnetes.etcd.proto.raftpb.SnapshotMetadata;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** The bytes of a {@code .snap} file. */
final class SnapFile {
    static final String ADVICE =
            "an older snapshot and the log may still serve; else let the member rejoin its cluster"
                    + " or restore it";

    private static final int CRC_TAG = 1 << 3;
    private static final int DATA_TAG = 2 << 3 | 2;
    private static final int MOST_HEADER_BYTES = 16;
    private static final int READ_BYTES = 1 << 20;

    private SnapFile() {}

    static byte[] encode(Snapshot snapshot) {
        ConfState conf = snapshot.metadata().confState();
        ByteString data =
                io.jarnetes.etcd.proto.raftpb.Snapshot.newBuilder()
                        .setData(UnsafeByteOperations.unsafeWrap(snapshot.data()))
                        .setMetadata(
                                SnapshotMetadata.newBuilder()
                                        .setConfState(
                                                io.jarnetes.etcd.proto.raftpb.ConfState.newBuilder()
                                                        .addAllVoters(conf.voters())
                                                        .addAllLearners(conf.learners())
                                                        .addAllVotersOutgoing(conf.votersOutgoing())
                                                        .addAllLearnersNext(conf.learnersNext())
                                                        .setAutoLeave(conf.autoLeave()))
                                        .setIndex(snapshot.metadata().index())
                                        .setTerm(snapshot.metadata().term()))
                        .build()
                        .toByteString();
        return io.jarnetes.etcd.proto.snappb.Snapshot.newBuilder()
                .setCrc(checksum(data))
                .setData(data)
                .build()
                .toByteArray();
    }

    /**
     * Looks at a file of some size without reading it into memory: whether it is as long as it says
     * and has its CRC.
     */
    static void requireSound(DiskFile file) {
        ByteBuffer start = ByteBuffer.allocate(MOST_HEADER_BYTES);
        file.read(start, 0);
        try {
            CodedInputStream in = CodedInputStream.newInstance(start.flip());
            if (in.readTag() != CRC_TAG) {
                throw corrupt(file.path(), "no snapshot in it");
            }
            int sum = in.readUInt32();
            int tag = in.readTag();
            long dataBytes = tag == DATA_TAG ? Integer.toUnsignedLong(in.readUInt32()) : -1;
            long dataAt = in.getTotalBytesRead();
            if (dataAt + dataBytes != file.size()) {
                throw corrupt(
                        file.path(),
                        "it has " + file.size() + " bytes and should have " + (dataAt + dataBytes));
            }
            requireSum(file.path(), sum, checksum(file, dataAt));
        } catch (IOException e) {
            throw corrupt(file.path(), "no snapshot message: " + e.getMessage());
        }
    }

    private static int checksum(DiskFile file, long from) {
        CRC32C crc = new CRC32C();
        ByteBuffer some = ByteBuffer.allocate(READ_BYTES);
        for (long at = from; at < file.size(); at += some.limit()) {
            file.read(some.clear(), at);
            crc.update(some.flip().duplicate());
        }
        return (int) crc.getValue();
    }

    private static void requireSum(Path path, int stored, int computed) {
        if (stored != computed) {
            throw corrupt(path, "CRC is %08x, the data give %08x".formatted(stored, computed));
        }
    }

    static Snapshot decode(Path path, ByteBuffer bytes) {
        try {
            var envelope = io.jarnetes.etcd.proto.snappb.Snapshot.parseFrom(bytes);
            if (envelope.getData().isEmpty() || envelope.getCrc() == 0) {
                throw corrupt(path, "no snapshot in it");
            }
            requireSum(path, envelope.getCrc(), checksum(envelope.getData()));
            var message = io.jarnetes.etcd.proto.raftpb.Snapshot.parseFrom(envelope.getData());
            var metadata = message.getMetadata();
            var conf = metadata.getConfState();
            return new Snapshot(
                    message.getData().toByteArray(),
                    new io.jarnetes.etcd.raft.SnapshotMetadata(
                            new ConfState(
                                    conf.getVotersList(),
                                    conf.getLearnersList(),
                                    conf.getVotersOutgoingList(),
                                    conf.getLearnersNextList(),
                                    conf.getAutoLeave()),
                            metadata.getIndex(),
                            metadata.getTerm()));
        } catch (InvalidProtocolBufferException e) {
            throw corrupt(path, "no snapshot message: " + e.getMessage());
        }
    }

    private static int checksum(ByteString data) {
        CRC32C crc = new CRC32C();
        data.asReadOnlyByteBufferList().forEach(crc::update);
        return (int) crc.getValue();
    }

    private static CorruptFileException corrupt(Path path, String found) {
        return new CorruptFileException(path, 0, found, ADVICE);
    }
}
