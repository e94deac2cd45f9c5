package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class RangeTreeTest {
    private static byte[] key(Random random) {
        String text = Integer.toString(random.nextInt(300), 7);
        return text.getBytes(US_ASCII);
    }

    @RepeatedTest(20)
    void theRangesOfAKeyAreFound(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Set<KeyRange> ranges = new HashSet<>();
        int count = random.nextInt(60);
        while (ranges.size() < count) {
            KeyRange range =
                    random.nextInt(8) == 0
                            ? KeyRange.of(key(random), new byte[1])
                            : KeyRange.of(key(random), key(random));
            if (!range.empty()) {
                ranges.add(range);
            }
        }
        RangeTree tree = new RangeTree(ranges);
        for (int i = 0; i < 200; i++) {
            byte[] key = key(random);
            Set<KeyRange> found = new HashSet<>();
            tree.forKey(key, found::add);
            assertThat(found)
                    .isEqualTo(
                            ranges.stream()
                                    .filter(range -> range.contains(key))
                                    .collect(Collectors.toSet()));
        }
    }
}
