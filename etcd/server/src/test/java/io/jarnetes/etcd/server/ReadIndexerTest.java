package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads that wait for one question, and what they wait for after it. */
class ReadIndexerTest {
    private static final long FIRST = 100;

    private final AppliedWaits applied = new AppliedWaits(0);
    private final List<String> wakes = new ArrayList<>();
    private final ReadIndexer reads =
            new ReadIndexer(
                    new RawNode(Config.builder(1, new MemoryStorage(), new Random(1)).build()),
                    applied,
                    () -> wakes.add("wake"),
                    FIRST,
                    2,
                    5,
                    new IllegalStateException("too long"));

    private static ReadState answer(long question, long index) {
        return new ReadState(
                index, ByteBuffer.allocate(Long.BYTES).putLong(FIRST + question).array());
    }

    @Test
    void readsThatComeTogetherAskOnce() {
        CompletableFuture<Void> one = reads.await();
        assertThat(reads.await()).isSameAs(one);
        assertThat(wakes).hasSize(1);
        reads.poll();
        // The question is under way: it may be answered with an index from before this read.
        CompletableFuture<Void> late = reads.await();
        assertThat(late).isNotSameAs(one);
        reads.poll();
        reads.answered(answer(1, 7));
        assertThat(one).isNotDone();
        applied.advance(7);
        assertThat(one).isCompleted();
        assertThat(late).isNotDone();
        reads.answered(answer(1, 7));
        assertThat(late).isNotDone();
        reads.answered(answer(2, 7));
        assertThat(late).isCompleted();
    }

    @Test
    void aLostQuestionIsAskedAgainAndThenGivenUp() {
        CompletableFuture<Void> read = reads.await();
        reads.poll();
        reads.tick();
        reads.tick();
        // Asked again: the answer to the first question says nothing any more.
        reads.answered(answer(1, 0));
        assertThat(read).isNotDone();
        reads.tick();
        reads.tick();
        reads.tick();
        assertThat(read).isCompletedExceptionally();
    }
}
