package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
    private static byte[] key(Random random) {
        // Shared beginnings, zero bytes, keys that begin others, high bytes.
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "/registry/pods/" : "/r");
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append("\0\u00ffab".charAt(random.nextInt(4)));
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    @RepeatedTest(20)
    void keysAreSorted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        for (int i = 0; i < 3000; i++) {
            keys.add(key(random));
        }
        List<KeyHistory> histories = new ArrayList<>();
        keys.forEach(key -> histories.add(new KeyHistory(key, 0)));
        java.util.Collections.shuffle(histories, random);
        KeyHistory[] sorted = histories.toArray(new KeyHistory[0]);
        KeySort.sort(sorted);
        assertThat(Arrays.stream(sorted).map(KeyHistory::key).toList())
                .usingElementComparator(Arrays::compareUnsigned)
                .containsExactlyElementsOf(keys);
    }

    @RepeatedTest(10)
    void keysComeAndGo(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        KeyIndex index = new KeyIndex(random.nextLong());
        TreeSet<byte[]> alive = new TreeSet<>(Arrays::compareUnsigned);
        TreeSet<byte[]> known = new TreeSet<>(Arrays::compareUnsigned);
        for (int main = 2; main < 8000; main++) {
            byte[] key = key(random);
            if (alive.contains(key) && random.nextBoolean()) {
                index.tombstone(key, main, 0);
                alive.remove(key);
            } else {
                index.put(key, main, 0);
                alive.add(key);
                known.add(key);
            }
            if (main % 2000 == 1999) {
                for (byte[] each : known) {
                    index.compact(each, main - 10);
                }
            }
            if (main % 500 == 0) {
                check(index, alive, main, random);
            }
        }
    }

    private static void check(KeyIndex index, TreeSet<byte[]> alive, long main, Random random) {
        assertThat(index.alive()).isEqualTo(alive.size());
        KeyRange range = KeyRange.of(key(random), key(random));
        List<byte[]> found = new ArrayList<>();
        index.visit(
                range,
                main,
                (key, revision) -> {
                    found.add(key);
                    return true;
                });
        assertThat(found)
                .usingElementComparator(Arrays::compareUnsigned)
                .containsExactlyElementsOf(alive.stream().filter(range::contains).toList());
        assertThat(index.count(KeyRange.all(), main)).isEqualTo(alive.size());
    }

    @Test
    void whatWasRestoredIsFoundAndRangedOver() {
        KeyIndex index = new KeyIndex(5);
        Random random = new Random(3);
        TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        for (int main = 2; main < 3000; main++) {
            byte[] key = key(random);
            keys.add(key);
            index.restore(new KeyValue(key, 2, main, 1, key, 0), new Revision(main, 0), false);
        }
        index.restored();
        check(index, keys, 3000, random);
        index.put(new byte[] {1}, 3001, 0);
        assertThat(index.count(KeyRange.all(), 3001)).isEqualTo(keys.size() + 1);
        assertThat(index.count(KeyRange.all(), 3000)).isEqualTo(keys.size());
    }
}
