package io.jarnetes.etcd.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.raftpb.ConfState;
import io.jarnetes.etcd.proto.raftpb.Entry;
import io.jarnetes.etcd.proto.raftpb.Message;
import io.jarnetes.etcd.proto.walpb.Snapshot;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ZeroScalarsTest {
    @Test
    void aZeroSnapshotRecordIsWrittenWithItsZeros() {
        assertThat(hex(ZeroScalars.fill(Snapshot.newBuilder()).build().toByteString()))
                .isEqualTo("08001000");
    }

    @Test
    void subMessagesAreFilledAndAbsentOnesStayAbsent() {
        var snapshot = Snapshot.newBuilder().setConfState(ConfState.newBuilder().addVoters(1));
        assertThat(hex(ZeroScalars.fill(snapshot).build().toByteString()))
                .isEqualTo("080010001a0408012800");
    }

    @Test
    void bytesStayAbsentAndRepeatedMessagesAreFilled() {
        var message = Message.newBuilder().addEntries(Entry.newBuilder());
        Message filled = ZeroScalars.fill(message).build();
        assertThat(hex(filled.getEntries(0).toByteString())).isEqualTo("080010001800");
        assertThat(filled.hasContext()).isFalse();
        assertThat(filled.hasVote()).isTrue();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
