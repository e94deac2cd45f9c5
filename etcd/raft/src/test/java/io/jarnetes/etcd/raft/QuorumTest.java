package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** Majorities against the definition, tried by counting. */
final class QuorumTest {
    private static final long SEED = 42;

    private static SortedSet<Long> someOf(Random random, int most) {
        SortedSet<Long> ids = Ids.set();
        int count = random.nextInt(most + 1);
        while (ids.size() < count) {
            ids.add(random.nextLong(8) - 4); // ids are unsigned: these include the largest
        }
        return ids;
    }

    private static long countAtLeast(SortedSet<Long> voters, Map<Long, Long> acked, long index) {
        return voters.stream().filter(id -> acked.getOrDefault(id, 0L) >= index).count();
    }

    private static boolean agrees(SortedSet<Long> voters, Map<Long, Long> acked, long index) {
        return voters.isEmpty() || countAtLeast(voters, acked, index) > voters.size() / 2;
    }

    @Test
    void committedIsTheHighestThatBothMajoritiesHave() {
        Random random = new Random(SEED);
        for (int round = 0; round < 5000; round++) {
            Quorum quorum = new Quorum(someOf(random, 5), someOf(random, 5));
            if (quorum.incoming().isEmpty() && quorum.outgoing().isEmpty()) {
                continue;
            }
            Map<Long, Long> acked = new HashMap<>();
            quorum.ids().forEach(id -> acked.put(id, random.nextLong(6)));
            long expected = 0;
            for (long i = 1; i < 7; i++) {
                boolean both =
                        agrees(quorum.incoming(), acked, i) && agrees(quorum.outgoing(), acked, i);
                expected = both ? i : expected;
            }
            assertThat(quorum.committedIndex(id -> acked.getOrDefault(id, 0L)))
                    .as("seed %d round %d: %s %s", SEED, round, quorum, acked)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aVoteIsDecidedWhenNothingMissingCanChangeIt() {
        Random random = new Random(SEED);
        for (int round = 0; round < 5000; round++) {
            Quorum quorum = new Quorum(someOf(random, 5), someOf(random, 5));
            Map<Long, Boolean> votes = new HashMap<>();
            Map<Long, Boolean> allYes = new HashMap<>();
            Map<Long, Boolean> allNo = new HashMap<>();
            for (long id : quorum.ids()) {
                boolean missing = random.nextInt(3) == 0;
                boolean vote = random.nextBoolean();
                if (!missing) {
                    votes.put(id, vote);
                }
                allYes.put(id, missing || vote);
                allNo.put(id, !missing && vote);
            }
            VoteResult expected =
                    wins(quorum, allNo)
                            ? VoteResult.WON
                            : wins(quorum, allYes) ? VoteResult.PENDING : VoteResult.LOST;
            assertThat(quorum.voteResult(votes))
                    .as("seed %d round %d: %s %s", SEED, round, quorum, votes)
                    .isEqualTo(expected);
        }
    }

    private static boolean wins(Quorum quorum, Map<Long, Boolean> votes) {
        Map<Long, Long> asIndexes = new HashMap<>();
        votes.forEach((id, yes) -> asIndexes.put(id, yes ? 1L : 0L));
        return agrees(quorum.incoming(), asIndexes, 1) && agrees(quorum.outgoing(), asIndexes, 1);
    }
}
