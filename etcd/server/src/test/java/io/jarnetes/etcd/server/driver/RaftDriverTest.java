package io.jarnetes.etcd.server.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** In what order the driver writes, sends and hands out: member 1 of a cluster, by hand. */
final class RaftDriverTest {
    private static final long BEGIN = 10;
    private static final int PROPOSAL_TICKS = 3;

    private final MemoryStorage storage = new MemoryStorage();
    private final Recorder recorder = new Recorder();
    private final List<RaftDriver> drivers = new ArrayList<>();

    private RaftDriver driver(Long... voters) {
        ConfState conf = ConfState.ofVoters(List.of(voters));
        storage.applySnapshot(new Snapshot(new byte[0], new SnapshotMetadata(conf, BEGIN, 1)));
        storage.setHardState(new HardState(1, 0, BEGIN));
        RawNode node =
                new RawNode(
                        Config.builder(1, storage, new Random(1))
                                .applied(BEGIN)
                                .preVote(false)
                                .build());
        RaftDriver driver =
                new RaftDriver(node, storage, recorder, recorder::send, recorder, PROPOSAL_TICKS);
        drivers.add(driver);
        return driver;
    }

    /** A leader of three whose first entry, 11, is committed and applied. */
    private RaftDriver leader() {
        RaftDriver driver = driver(1L, 2L, 3L);
        driver.node().campaign();
        driver.process();
        receive(driver, Message.of(MessageType.MSG_VOTE_RESP).from(2));
        receive(driver, Message.of(MessageType.MSG_APP_RESP).from(2).index(11));
        receive(driver, Message.of(MessageType.MSG_APP_RESP).from(3).index(11));
        driver.node().appliedTo(11);
        driver.process();
        recorder.take();
        return driver;
    }

    private static void receive(RaftDriver driver, Message.Builder message) {
        driver.step(message.to(1).term(2).build());
        driver.process();
    }

    private static byte[] data(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void aLeaderSendsBeforeItsOwnWrite() {
        RaftDriver leader = leader();
        leader.propose(data("a"));
        leader.process();
        assertThat(recorder.take())
                .containsExactly("send MsgApp to 2 [12]", "send MsgApp to 3 [12]", "save [12]");
    }

    /** Of three, one answer and the leader's own write are a majority; two answers are too. */
    @Test
    void aLeaderCountsItselfAfterItsWrite() {
        RaftDriver leader = leader();
        leader.propose(data("a"));
        // Both are in before anything is written: only the answer of 2 and the own write count.
        leader.step(answer(2, 12));
        assertThat(leader.node().hardState().commit()).isEqualTo(11);
        leader.process();
        List<String> lines = recorder.take();
        assertThat(lines).contains("save [12]");
        assertThat(leader.node().hardState().commit()).isEqualTo(12);
        assertThat(lines.indexOf("apply [12]")).isGreaterThan(lines.indexOf("save [12]"));
    }

    private static Message answer(long from, long index) {
        return Message.of(MessageType.MSG_APP_RESP).from(from).to(1).term(2).index(index).build();
    }

    @Test
    void aLoneVoterAppliesNothingThatIsNotWritten() {
        RaftDriver alone = driver(1L);
        alone.node().campaign();
        alone.process();
        recorder.take();
        alone.propose(data("a"));
        alone.process();
        List<String> lines = recorder.take();
        assertThat(lines.getFirst()).isEqualTo("save [12]");
        assertThat(lines).contains("apply [12]");
    }

    @Test
    void aFollowerAnswersAfterItsWrite() {
        RaftDriver follower = driver(1L, 2L, 3L);
        receive(follower, append(11));
        assertThat(recorder.take())
                .containsExactly("save term 2 vote 0 [11]", "send MsgAppResp to 2");
    }

    private static Message.Builder append(long index) {
        Entry entry = new Entry(EntryType.NORMAL, 2, index, data("e" + index));
        return Message.of(MessageType.MSG_APP)
                .from(2)
                .index(index - 1)
                .logTerm(index - 1 == BEGIN ? 1 : 2)
                .commit(index - 1)
                .entries(List.of(entry));
    }

    @Test
    void aVoteLeavesAfterItsWrite() {
        RaftDriver voter = driver(1L, 2L, 3L);
        receive(voter, Message.of(MessageType.MSG_VOTE).from(2).index(BEGIN).logTerm(1));
        assertThat(recorder.take()).containsExactly("save term 2 vote 2", "send MsgVoteResp to 2");
    }

    /** What is committed is applied while the next entries are being written. */
    @Test
    void applyingOverlapsWithTheNextWrite() {
        RaftDriver follower = driver(1L, 2L, 3L);
        receive(follower, append(11));
        recorder.take();
        receive(follower, append(12));
        assertThat(recorder.take())
                .containsSequence("apply [11]", "save term 2 vote 0 [12]")
                .endsWith("send MsgAppResp to 2");
    }

    @Test
    void whatIsSyncedIsWhatWasWritten() {
        RaftDriver leader = leader();
        leader.propose(data("a"));
        assertThat(leader.syncedIndex()).isEqualTo(11);
        recorder.fail();
        assertThatThrownBy(leader::process).hasMessageContaining("the disk refuses: save [12]");
        assertThat(leader.syncedIndex()).isEqualTo(11);
    }

    @Test
    void manyProposalsShareOneWrite() {
        RaftDriver leader = leader();
        IntStream.range(0, 100).forEach(i -> leader.propose(data("p" + i)));
        leader.process();
        List<String> lines = recorder.take();
        assertThat(lines.stream().filter(line -> line.startsWith("save"))).hasSize(1);
        assertThat(leader.syncedIndex()).isEqualTo(111);
    }

    /** A write that failed is not retried, and nothing that it promised leaves. */
    @Test
    void afterAFailedWriteNothingLeaves() {
        RaftDriver follower = driver(1L, 2L, 3L);
        recorder.fail();
        follower.step(append(11).to(1).term(2).build());
        assertThatThrownBy(follower::process).hasMessageContaining("the disk refuses");
        assertThat(recorder.take()).isEmpty();
    }

    /** The snapshot, then the commit index that covers it, and only then is the past let go. */
    @Test
    void aSnapshotOfTheLeaderIsWholeBeforeThePastIsLetGo() {
        RaftDriver follower = driver(1L, 2L, 3L);
        SnapshotMetadata at = new SnapshotMetadata(ConfState.ofVoters(List.of(1L, 2L, 3L)), 50, 2);
        receive(
                follower,
                Message.of(MessageType.MSG_SNAP).from(2).snapshot(new Snapshot(new byte[0], at)));
        assertThat(recorder.take())
                .containsExactly(
                        "save snapshot 50",
                        "save term 2 vote 0",
                        "sync",
                        "release 50",
                        "restore 50",
                        "send MsgAppResp to 2");
        assertThat(follower.syncedIndex()).isEqualTo(50);
    }

    @Test
    void aProposalWaitsForALeaderAndExpires() {
        RaftDriver follower = driver(1L, 2L, 3L);
        follower.propose(data("early"));
        follower.process();
        receive(follower, Message.of(MessageType.MSG_HEARTBEAT).from(2));
        assertThat(recorder.take()).contains("send MsgProp to 2 [0]");

        RaftDriver other = new RaftDriverTest().driver(1L, 2L, 3L);
        other.propose(data("late"));
        for (int i = 0; i < PROPOSAL_TICKS; i++) {
            other.tick();
        }
        receive(other, Message.of(MessageType.MSG_HEARTBEAT).from(2));
        assertThat(recorder.take()).doesNotContain("send MsgProp to 2 [0]");
    }

    @Test
    void aFollowerThatIsFarBehindGetsASnapshot() {
        RaftDriver leader = leader();
        write(leader, 12, 16);
        leader.snapshot(16, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0], 1);
        assertThat(recorder.take()).contains("save snapshot 16", "release 16");
        assertThat(storage.firstIndex()).isEqualTo(16);
        leader.node().reportUnreachable(3);
        receive(leader, Message.of(MessageType.MSG_HEARTBEAT_RESP).from(3));
        assertThat(recorder.take()).contains("send snapshot to 3");
    }

    /** Else the snapshot would be too old when it arrives, and another would have to follow. */
    @Test
    void whatFollowsASnapshotOnItsWayIsKept() {
        aFollowerThatIsFarBehindGetsASnapshot();
        RaftDriver leader = drivers.getLast();
        write(leader, 17, 40);
        leader.snapshot(40, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0], 1);
        assertThat(storage.firstIndex()).isEqualTo(17);
        leader.node().reportSnapshot(3, true);
        receive(leader, Message.of(MessageType.MSG_APP_RESP).from(3).index(16));
        assertThat(recorder.take()).contains("send MsgApp to 3 " + indexes(17, 40));
        write(leader, 41, 42);
        leader.snapshot(42, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0], 1);
        assertThat(storage.firstIndex()).isEqualTo(42);
    }

    /** Memory holds less of the log than the disk: nothing is written, and nothing let go there. */
    @Test
    void whatNoFollowerNeedsIsForgottenInMemory() {
        RaftDriver leader = leader();
        ConfState conf = ConfState.ofVoters(List.of(1L, 2L, 3L));
        write(leader, 12, 30);
        recorder.take();
        leader.forget(30, conf, 5);
        assertThat(recorder.take()).isEmpty();
        assertThat(storage.firstIndex()).isEqualTo(26);
        leader.node().reportUnreachable(3);
        receive(leader, Message.of(MessageType.MSG_HEARTBEAT_RESP).from(3));
        assertThat(recorder.take()).contains("send snapshot to 3");

        leader.forget(30, conf, 1);
        leader.forget(99, conf, 1);
        assertThat(storage.firstIndex()).isEqualTo(26);
    }

    private static String indexes(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Entries that 2 and the leader have. */
    private static void write(RaftDriver leader, long first, long last) {
        for (long index = first; index <= last; index++) {
            leader.propose(data("p" + index));
            leader.process();
            leader.step(answer(2, index));
            leader.process();
            leader.node().appliedTo(index);
        }
    }
}
