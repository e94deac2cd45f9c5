package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Watchers by what they watch, against a plain list of them. */
final class WatcherGroupTest {
    private static byte[] key(Random random) {
        return Integer.toString(random.nextInt(40), 3).getBytes(US_ASCII);
    }

    private static KeyRange range(Random random) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> KeyRange.of(key(random));
            case 2 -> KeyRange.of(key(random), new byte[1]);
            case 3 -> KeyRange.prefix(key(random));
            case 4 -> KeyRange.all();
            // An empty range, at times: nothing lies in it.
            default -> KeyRange.of(key(random), key(random));
        };
    }

    @RepeatedTest(30)
    void eachKeyFindsItsWatchersOnce(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        WatcherGroup group = new WatcherGroup();
        List<Watcher> model = new ArrayList<>();
        List<Watcher> gone = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    Watcher watcher = new Watcher(i, range(random), 0, Set.of(), response -> true);
                    group.add(watcher);
                    group.add(watcher);
                    model.add(watcher);
                }
                case 2 -> {
                    if (!model.isEmpty()) {
                        Watcher watcher = model.remove(random.nextInt(model.size()));
                        group.remove(watcher);
                        gone.add(watcher);
                    }
                }
                case 3 -> {
                    // Of one that is not there nothing is taken.
                    if (!gone.isEmpty()) {
                        group.remove(gone.get(random.nextInt(gone.size())));
                    }
                }
                default -> requireFound(group, model, key(random));
            }
            assertThat(group.size()).isEqualTo(model.size());
        }
        for (int number = 0; number < 40; number++) {
            requireFound(group, model, Integer.toString(number, 3).getBytes(US_ASCII));
        }
    }

    private static void requireFound(WatcherGroup group, List<Watcher> model, byte[] key) {
        List<Watcher> found = new ArrayList<>();
        group.forKey(key, found::add);
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        model.stream().filter(w -> w.range().contains(key)).toList());
    }
}
