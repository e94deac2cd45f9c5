package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfChangeTest {
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Scalars are written even when zero, and fields go in the order of their numbers, as gogo
     * does.
     */
    @Test
    void v1IsWrittenAsUpstreamWritesIt() {
        ConfChange add = new ConfChange(0, ConfChangeType.ADD_NODE, 0x1234, Entry.NO_DATA);
        assertThat(HEX.formatHex(add.marshal())).isEqualTo("0800" + "1000" + "18b424");
        ConfChange learner = new ConfChange(-1, ConfChangeType.ADD_LEARNER_NODE, 1, new byte[] {7});
        assertThat(HEX.formatHex(learner.marshal()))
                .isEqualTo("08ffffffffffffffffff01" + "1003" + "1801" + "220107");
        assertThat(ConfChange.unmarshal(learner.marshal())).isEqualTo(learner);
    }

    /** The leader leaves a joint configuration by an entry without data. */
    @Test
    void emptyDataIsTheChangeThatLeavesAJointConfiguration() {
        Entry leave = new Entry(EntryType.CONF_CHANGE_V2, 2, 3, Entry.NO_DATA);
        assertThat(ConfChangeV2.of(leave).leavesJoint()).isTrue();
    }

    @Test
    void v2Survives() {
        ConfChangeV2 change =
                new ConfChangeV2(
                        ConfChangeV2.Transition.JOINT_EXPLICIT,
                        List.of(
                                new ConfChangeSingle(ConfChangeType.ADD_NODE, -5),
                                new ConfChangeSingle(ConfChangeType.REMOVE_NODE, 3)),
                        new byte[] {1, 2, 3});
        Entry entry = new Entry(EntryType.CONF_CHANGE_V2, 2, 3, change.marshal());
        assertThat(ConfChangeV2.of(entry)).isEqualTo(change);
    }

    @Test
    void unknownFieldsAreSkippedAndDamageIsNamed() {
        assertThat(ConfChange.unmarshal(HEX.parseHex("0801" + "280a" + "32020000" + "1805")))
                .isEqualTo(new ConfChange(1, ConfChangeType.ADD_NODE, 5, Entry.NO_DATA));
        assertThatThrownBy(() -> ConfChange.unmarshal(HEX.parseHex("2205aa")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("malformed conf change of 3 bytes");
        assertThatThrownBy(() -> ConfChange.unmarshal(HEX.parseHex("1009")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown conf change type 9");
    }
}
