package io.jarnetes.etcd.storage.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.storage.backend.BadPairException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyValueCodecTest {
    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static long number(Random random) {
        return random.nextInt(3) == 0 ? 0 : random.nextLong() >> random.nextInt(64);
    }

    @Test
    void theBytesAreThoseOfProtobuf() throws InvalidProtocolBufferException {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            KeyValue kv =
                    new KeyValue(
                            bytes(random),
                            number(random),
                            number(random),
                            number(random),
                            bytes(random),
                            number(random));
            var message =
                    io.jarnetes.etcd.proto.mvccpb.KeyValue.newBuilder()
                            .setKey(ByteString.copyFrom(kv.key()))
                            .setCreateRevision(kv.createRevision())
                            .setModRevision(kv.modRevision())
                            .setVersion(kv.version())
                            .setValue(ByteString.copyFrom(kv.value()))
                            .setLease(kv.lease())
                            .build();
            byte[] encoded = KeyValueCodec.encode(kv);
            assertThat(encoded).isEqualTo(message.toByteArray());
            requireReadable(MemorySegment.ofArray(encoded), kv);
            try (Arena arena = Arena.ofConfined()) {
                requireReadable(arena.allocateFrom(ValueLayout.JAVA_BYTE, encoded), kv);
            }
        }
    }

    private static void requireReadable(MemorySegment stored, KeyValue kv)
            throws InvalidProtocolBufferException {
        assertThat(KeyValueCodec.decode(stored)).isEqualTo(kv);
        assertThat(KeyValueCodec.decodeKey(stored)).isEqualTo(kv.key());
        StoredKeyValue read = KeyValueCodec.read(stored);
        assertThat(read.key().mismatch(MemorySegment.ofArray(kv.key()))).isEqualTo(-1);
        assertThat(read.value().mismatch(MemorySegment.ofArray(kv.value()))).isEqualTo(-1);
        assertThat(read.keyValue()).isEqualTo(kv);
        var keyOnly =
                io.jarnetes.etcd.proto.mvccpb.KeyValue.parseFrom(
                        read.bytesWithoutValue().toArray(ValueLayout.JAVA_BYTE));
        assertThat(keyOnly.getKey().toByteArray()).isEqualTo(kv.key());
        assertThat(keyOnly.getModRevision()).isEqualTo(kv.modRevision());
        assertThat(keyOnly.getValue().isEmpty()).isTrue();
    }

    private static KeyValue decode(byte[] bytes) {
        return KeyValueCodec.decode(MemorySegment.ofArray(bytes));
    }

    @Test
    void unknownFieldsAreSteppedOver() {
        // 7: varint, 8: fixed 64, 9: bytes, 10: fixed 32, then the key.
        byte[] bytes =
                HexFormat.of()
                        .parseHex(
                                "3801"
                                        + "41"
                                        + "00".repeat(8)
                                        + "4a02abcd"
                                        + "55"
                                        + "00".repeat(4)
                                        + "0a016b");
        assertThat(decode(bytes).key()).isEqualTo(new byte[] {'k'});
        assertThat(KeyValueCodec.decodeKey(MemorySegment.ofArray(bytes)))
                .isEqualTo(new byte[] {'k'});
    }

    @Test
    void noBytesAreAnEmptyPair() {
        assertThat(decode(new byte[0]))
                .isEqualTo(new KeyValue(new byte[0], 0, 0, 0, new byte[0], 0));
    }

    @Test
    void damageIsToldAndNeverHangs() {
        byte[] sound = KeyValueCodec.encode(new KeyValue(new byte[20], 9, 9, 9, new byte[20], 9));
        for (int length = 1; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            try {
                decode(cut);
            } catch (BadPairException e) {
                assertThat(e).hasMessageContaining("no mvccpb.KeyValue");
            }
        }
        byte[] huge = HexFormat.of().parseHex("0affffffff0f");
        assertThatThrownBy(() -> decode(huge)).isInstanceOf(BadPairException.class);
    }
}
