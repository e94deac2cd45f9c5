package io.jarnetes.etcd.server.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreamCodecTest {
    private static final long LOCAL = 2;
    private static final long REMOTE = 1;

    private static Entry entry(long term, long index, String data) {
        return new Entry(EntryType.NORMAL, term, index, data.getBytes(UTF_8));
    }

    private static Message append(long term, long logTerm, long index, Entry... entries) {
        return Message.of(MessageType.MSG_APP)
                .from(REMOTE)
                .to(LOCAL)
                .term(term)
                .logTerm(logTerm)
                .index(index)
                .entries(List.of(entries))
                .commit(7)
                .build();
    }

    private static List<Message> appends() {
        return List.of(
                append(5, 4, 9, entry(5, 10, "a")),
                append(5, 5, 10, entry(5, 11, "b"), entry(5, 12, "")),
                append(5, 5, 12),
                append(5, 5, 8, entry(5, 9, "again")),
                append(6, 5, 9, entry(6, 10, "new term")));
    }

    /** Everything arrives as it was sent, however it is cut on the way. */
    @Test
    void appendsSurviveAnyFragmentation() {
        MsgAppV2Encoder encoder = new MsgAppV2Encoder();
        ByteBuf wire = Unpooled.buffer();
        for (Message m : appends()) {
            encoder.encode(m, wire);
            encoder.encodeHeartbeat(wire);
        }
        byte[] bytes = ByteBufUtil.getBytes(wire);
        for (long seed = 0; seed < 50; seed++) {
            List<Message> got = decode(new MsgAppV2Decoder(LOCAL, REMOTE), bytes, seed);
            got.removeIf(m -> m.from() == 0);
            assertThat(got).as("seed %d", seed).isEqualTo(appends());
        }
    }

    private static List<Message> decode(StreamDecoder decoder, byte[] bytes, long seed) {
        Random random = new Random(seed);
        List<Message> got = new ArrayList<>();
        ByteBuf in = Unpooled.buffer();
        int at = 0;
        while (at < bytes.length) {
            int n = Math.min(bytes.length - at, 1 + random.nextInt(1 + random.nextInt(60)));
            in.writeBytes(bytes, at, n);
            at += n;
            decoder.decode(in, got::add);
            in.discardReadBytes();
        }
        assertThat(in.readableBytes()).isZero();
        return got;
    }

    /** Form 1 only where it goes on in the same term from where the last one ended. */
    @Test
    void entriesOnlyWhereIndexAndTermFollow() {
        MsgAppV2Encoder encoder = new MsgAppV2Encoder();
        List<Byte> forms = new ArrayList<>();
        for (Message m : appends()) {
            ByteBuf out = Unpooled.buffer();
            encoder.encode(m, out);
            forms.add(out.getByte(0));
        }
        assertThat(forms).containsExactly((byte) 2, (byte) 1, (byte) 1, (byte) 2, (byte) 2);
    }

    @Test
    void entriesFormIsCountThenEntriesThenCommit() {
        MsgAppV2Encoder encoder = new MsgAppV2Encoder();
        encoder.encode(append(5, 4, 9, entry(5, 10, "a")), Unpooled.buffer());
        ByteBuf out = Unpooled.buffer();
        encoder.encode(append(5, 5, 10, entry(5, 11, "b")), out);
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo(
                        "01"
                                + "0000000000000001"
                                + "0000000000000009"
                                + "08001005180b220162"
                                + "0000000000000007");
    }

    @Test
    void messagesOfAllKindsSurvive() {
        ConfState conf =
                new ConfState(List.of(1L, -2L), List.of(3L), List.of(4L), List.of(4L), true);
        List<Message> messages =
                List.of(
                        Message.of(MessageType.MSG_HEARTBEAT_RESP)
                                .from(-1)
                                .to(2)
                                .term(3)
                                .context(new byte[] {1, 2})
                                .build(),
                        Message.of(MessageType.MSG_APP_RESP)
                                .from(1)
                                .to(2)
                                .term(3)
                                .index(9)
                                .reject(true)
                                .rejectHint(8)
                                .logTerm(2)
                                .build(),
                        Message.of(MessageType.MSG_SNAP)
                                .from(1)
                                .to(2)
                                .term(3)
                                .snapshot(
                                        new Snapshot(
                                                "{}".getBytes(UTF_8),
                                                new SnapshotMetadata(conf, 12, 3)))
                                .build(),
                        Message.of(MessageType.MSG_PROP)
                                .from(1)
                                .to(2)
                                .entries(List.of(entry(0, 0, "x")))
                                .build());
        MessageEncoder encoder = new MessageEncoder();
        ByteBuf wire = Unpooled.buffer();
        messages.forEach(m -> encoder.encode(m, wire));
        byte[] bytes = ByteBufUtil.getBytes(wire);
        for (long seed = 0; seed < 20; seed++) {
            assertThat(decode(new MessageDecoder(1000), bytes, seed))
                    .as("seed %d", seed)
                    .isEqualTo(messages);
        }
    }

    @Test
    void damageAndExcessAreRefused() {
        ByteBuf unknownForm = Unpooled.wrappedBuffer(new byte[] {9, 0, 0});
        assertThatThrownBy(() -> new MsgAppV2Decoder(1, 2).decode(unknownForm, m -> {}))
                .isInstanceOf(PeerProtocolException.class)
                .hasMessageContaining("type 9");
        ByteBuf tooLong = Unpooled.buffer().writeLong(1001);
        assertThatThrownBy(() -> new MessageDecoder(1000).decode(tooLong, m -> {}))
                .isInstanceOf(PeerProtocolException.class)
                .hasMessageContaining("1001 bytes");
    }
}
