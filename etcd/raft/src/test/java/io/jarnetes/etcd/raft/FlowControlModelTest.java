package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The windows of unanswered appends and of unconfirmed reads, against lists. */
final class FlowControlModelTest {
    private static final long SEED = 31;
    private static final int ROUNDS = 300;
    private static final int STEPS = 60;

    /** An append that wasn't answered. */
    private record Sent(long last, long bytes) {}

    @Test
    void theWindowHoldsWhatWasNotAnswered() {
        Random random = new Random(SEED);
        int full = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int most = 1 + random.nextInt(6);
            long mostBytes = random.nextInt(4) == 0 ? Config.NO_LIMIT : 1 + random.nextInt(50);
            Inflights window = new Inflights(most, mostBytes);
            List<Sent> model = new ArrayList<>();
            long next = 1;
            for (int step = 0; step < STEPS; step++) {
                long bytes = model.stream().mapToLong(Sent::bytes).sum();
                boolean isFull = model.size() >= most || bytes >= mostBytes;
                assertThat(window.isFull()).as("seed %d round %d", SEED, round).isEqualTo(isFull);
                assertThat(window.count()).isEqualTo(model.size());
                full += isFull ? 1 : 0;
                if (!isFull && random.nextInt(3) > 0) {
                    next += 1 + random.nextInt(3);
                    Sent sent = new Sent(next, random.nextInt(20));
                    window.add(sent.last(), sent.bytes());
                    model.add(sent);
                } else if (random.nextInt(20) == 0) {
                    window.reset();
                    model.clear();
                } else {
                    long acknowledged = Math.max(0, next - random.nextInt(10));
                    window.freeUpTo(acknowledged);
                    model.removeIf(s -> s.last() <= acknowledged);
                }
            }
        }
        assertThat(full).isGreaterThan(ROUNDS);
    }

    /** A read is confirmed when a quorum has answered a heartbeat that was sent after it came. */
    @Test
    void readsAreConfirmedByAQuorumThatHeardOfThem() {
        Random random = new Random(SEED);
        int confirmed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            confirmed += new Reads(random).run(round);
        }
        assertThat(confirmed).isGreaterThan(ROUNDS * 3);
    }

    private static final class Reads {
        private static final int VOTERS = 5;

        private final Random random;
        private final ReadOnly reads = new ReadOnly();
        private final Quorum voters;

        /** Who has confirmed a read, by the read; in order of arrival. */
        private final List<Set<Long>> waiting = new ArrayList<>();

        /** What a heartbeat's context confirms: the reads that waited when it was made. */
        private final Map<String, List<Set<Long>>> heartbeats = new HashMap<>();

        private final List<byte[]> sent = new ArrayList<>();

        Reads(Random random) {
            this.random = random;
            var ids = Ids.set();
            for (long id = 1; id <= VOTERS; id++) {
                ids.add(id);
            }
            voters = new Quorum(ids, Ids.set());
        }

        int run(int round) {
            int confirmed = 0;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        reads.add(Message.of(MessageType.MSG_READ_INDEX).build(), step);
                        waiting.add(new HashSet<>());
                    }
                    case 1 -> heartbeat();
                    default -> answer();
                }
                // All before one that is confirmed are: who confirms one heard of those too.
                int expected = 0;
                for (int i = 0; i < waiting.size(); i++) {
                    expected = waiting.get(i).size() > VOTERS / 2 ? i + 1 : expected;
                }
                int got = reads.takeConfirmed(voters).size();
                assertThat(got)
                        .as("seed %d round %d step %d", SEED, round, step)
                        .isEqualTo(expected);
                waiting.subList(0, expected).clear();
                confirmed += got;
            }
            return confirmed;
        }

        private void heartbeat() {
            byte[] context = reads.heartbeatContext();
            assertThat(context.length == 0).isEqualTo(waiting.isEmpty());
            if (context.length > 0) {
                sent.add(context);
                heartbeats.put(name(context), List.copyOf(waiting));
            }
        }

        private void answer() {
            if (sent.isEmpty()) {
                return;
            }
            // Late answers and those of strangers too.
            byte[] context = sent.get(random.nextInt(sent.size()));
            long from = 1L + random.nextInt(VOTERS + 1);
            reads.ack(from, context);
            if (from <= VOTERS) {
                heartbeats.getOrDefault(name(context), List.of()).forEach(r -> r.add(from));
            }
        }

        private static String name(byte[] context) {
            return new String(context, StandardCharsets.ISO_8859_1);
        }
    }
}
