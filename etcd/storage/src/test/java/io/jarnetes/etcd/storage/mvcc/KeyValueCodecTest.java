package io.jarnetes.etcd.storage.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.storage.backend.BadPairException;
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
            assertThat(KeyValueCodec.decode(encoded)).isEqualTo(kv);
            assertThat(KeyValueCodec.decodeKey(encoded)).isEqualTo(kv.key());
            assertThat(KeyValueCodec.decode(encoded, false)).isEqualTo(kv.withoutValue());
        }
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
        assertThat(KeyValueCodec.decode(bytes).key()).isEqualTo(new byte[] {'k'});
        assertThat(KeyValueCodec.decodeKey(bytes)).isEqualTo(new byte[] {'k'});
    }

    @Test
    void noBytesAreAnEmptyPair() {
        assertThat(KeyValueCodec.decode(new byte[0]))
                .isEqualTo(new KeyValue(new byte[0], 0, 0, 0, new byte[0], 0));
    }

    @Test
    void damageIsToldAndNeverHangs() {
        byte[] sound = KeyValueCodec.encode(new KeyValue(new byte[20], 9, 9, 9, new byte[20], 9));
        for (int length = 1; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            try {
                KeyValueCodec.decode(cut);
            } catch (BadPairException e) {
                assertThat(e).hasMessageContaining("no mvccpb.KeyValue");
            }
        }
        byte[] huge = HexFormat.of().parseHex("0affffffff0f");
        assertThatThrownBy(() -> KeyValueCodec.decode(huge)).isInstanceOf(BadPairException.class);
    }
}
