package io.jarnetes.apiserver.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.storage.Lister.Match;
import io.jarnetes.apiserver.server.storage.Lister.Query;
import io.jarnetes.base.log.Log;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The watch cache against a second model that is as plain as can be: the whole state after each
 * revision of a history that a seed makes. Whatever is listed or watched, at whatever revision and
 * by whatever selector, must be what the model has.
 */
@Timeout(60)
class CacherHistoryTest {

    private static final String PREFIX = "/registry/configmaps/";
    private static final List<String> SPACES = List.of("a", "b");
    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "ConfigMap");

    /** What an object is but its key: when it was written, and whether the selector takes it. */
    private record State(long revision, boolean taken) {}

    private final FakeEtcdKv kv = new FakeEtcdKv();
    private final Storage storage =
            new Storage(
                    kv,
                    "/registry",
                    TreeCodec.of(Schema.builtIn()),
                    MediaType.JSON,
                    EncryptionConfig.NONE,
                    Clock.systemUTC(),
                    Log.none());
    private final TreeMap<Long, TreeMap<String, State>> model = new TreeMap<>();
    private final Lister lister = start();

    private Lister start() {
        storage.start();
        model.put(kv.revision(), new TreeMap<>());
        Lister made =
                storage.resource(
                                "",
                                "configmaps",
                                "configmaps",
                                KIND,
                                KIND,
                                VersionConverter.SAME_SHAPE)
                        .lister();
        // A cache begins with the first question; what was before, it can't tell.
        assertThat(made.count()).isZero();
        return made;
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private void write(String key, boolean taken) {
        String[] words = key.substring(PREFIX.length()).split("/");
        String json =
                "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\""
                        + words[1]
                        + "\",\"namespace\":\""
                        + words[0]
                        + "\",\"labels\":{\"in\":\""
                        + taken
                        + "\"}}}\n";
        long revision = kv.put(key, json.getBytes(StandardCharsets.UTF_8), 0);
        TreeMap<String, State> state = new TreeMap<>(model.lastEntry().getValue());
        state.put(key, new State(revision, taken));
        model.put(revision, state);
    }

    private void delete(String key) {
        TreeMap<String, State> state = new TreeMap<>(model.lastEntry().getValue());
        if (state.remove(key) != null) {
            kv.delete(key);
            model.put(kv.revision(), state);
        }
    }

    private void history(Random random, int changes) {
        for (int i = 0; i < changes; i++) {
            String key =
                    PREFIX
                            + SPACES.get(random.nextInt(2))
                            + "/c"
                            + (char) ('a' + random.nextInt(9));
            if (random.nextInt(4) == 0) {
                delete(key);
            } else {
                write(key, random.nextBoolean());
            }
            if (random.nextInt(8) == 0) {
                // Another resource's key: a revision that this one never hears of.
                kv.put("/registry/secrets/a/x" + i, new byte[] {'{', '}'}, 0);
            }
        }
    }

    private static Selection selection(Random random) {
        Predicate<StoredObject> taken =
                random.nextBoolean() ? object -> "true".equals(object.labels().get("in")) : null;
        return switch (random.nextInt(3)) {
            case 0 -> new Selection(PREFIX, false, taken);
            case 1 -> new Selection(PREFIX + SPACES.get(random.nextInt(2)) + "/", false, taken);
            default -> new Selection(PREFIX + "a/ca", true, taken);
        };
    }

    private static boolean wants(Selection selection, String key, State state) {
        boolean within =
                selection.exactKey()
                        ? key.equals(selection.keyPrefix())
                        : key.startsWith(selection.keyPrefix());
        return within && (selection.filter() == null || state.taken());
    }

    /** What the model has at a revision, key and revision of the object. */
    private NavigableMap<String, Long> wanted(Selection selection, long revision) {
        TreeMap<String, Long> wanted = new TreeMap<>();
        model.floorEntry(revision)
                .getValue()
                .forEach((key, state) -> {
                    if (wants(selection, key, state)) {
                        wanted.put(key, state.revision());
                    }
                });
        return wanted;
    }

    private long anyRevision(Random random) {
        long first = model.firstKey();
        return first + random.nextLong(kv.revision() - first + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aListInPagesIsTheStateAtItsRevision(long seed) {
        Random random = new Random(seed);
        history(random, 150);
        for (int i = 0; i < 40; i++) {
            Selection selection = selection(random);
            boolean past = random.nextBoolean();
            long revision = past ? Math.max(2, anyRevision(random)) : kv.revision();
            Query first =
                    new Query(
                            past ? revision : -1,
                            past ? Match.EXACT : Match.UNSET,
                            1 + random.nextInt(6),
                            "");
            // What is written between two pages is not on them.
            Runnable between = () -> history(random, random.nextInt(3));
            assertThat(pages(selection, first, revision, between))
                    .as("seed %s, list %s at %s of %s", seed, i, revision, selection)
                    .isEqualTo(wanted(selection, revision));
        }
    }

    private NavigableMap<String, Long> pages(
            Selection selection, Query first, long revision, Runnable between) {
        TreeMap<String, Long> found = new TreeMap<>();
        Query query = first;
        while (true) {
            Listing page = lister.list(selection, query);
            assertThat(page.resourceVersion()).isEqualTo(Long.toString(revision));
            assertThat((long) page.items().size()).isLessThanOrEqualTo(query.limit());
            for (StoredObject each : page.items()) {
                assertThat(found.isEmpty() || found.lastKey().compareTo(each.key()) < 0).isTrue();
                found.put(each.key(), each.revision());
            }
            if (page.continueToken().isEmpty()) {
                assertThat(page.remainingItemCount()).isNull();
                return found;
            }
            if (selection.filter() == null && !selection.exactKey()) {
                long left = wanted(selection, revision).size() - found.size();
                assertThat(page.remainingItemCount()).isEqualTo(left);
            }
            between.run();
            query = new Query(-1, Match.UNSET, query.limit(), page.continueToken());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32})
    void whatAWatchTellsLeadsFromOneStateToTheNext(long seed) throws Exception {
        Random random = new Random(seed);
        history(random, 60);
        List<Watched> watches = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Selection selection = selection(random);
            long since = Math.max(2, anyRevision(random));
            boolean fromState = random.nextInt(3) == 0;
            WatchStream stream =
                    fromState
                            ? lister.watch(selection, -1, true, true)
                            : lister.watch(selection, since, false, null);
            NavigableMap<String, Long> start =
                    fromState ? new TreeMap<>() : wanted(selection, since);
            watches.add(new Watched(selection, stream, new TreeMap<>(start)));
            history(random, random.nextInt(40));
        }
        for (Watched each : watches) {
            each.readUntil(wanted(each.selection, kv.revision()), "seed " + seed);
            each.stream.close();
        }
    }

    /** A watch, and what its reader knows by now. */
    private record Watched(Selection selection, WatchStream stream, TreeMap<String, Long> known) {

        void readUntil(NavigableMap<String, Long> end, String what) throws InterruptedException {
            long last = 0;
            while (!known.equals(end)) {
                List<WatchEvent> events = stream.next(Duration.ofSeconds(20));
                assertThat(events).as("%s: %s is not yet %s", what, known, end).isNotEmpty();
                boolean initial = last == 0 && known.isEmpty();
                for (WatchEvent each : events) {
                    if (each instanceof WatchEvent.Change change) {
                        assertThat(initial || change.object().revision() > last)
                                .as("%s: %s after %s", what, change, last)
                                .isTrue();
                        last = Math.max(last, change.object().revision());
                        apply(change, what);
                    }
                }
            }
        }

        private void apply(WatchEvent.Change change, String what) {
            String key = change.object().key();
            WatchEvent.Type type =
                    known.containsKey(key) ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED;
            if (change.type() == WatchEvent.Type.DELETED) {
                assertThat(known.remove(key)).as("%s: %s deleted", what, key).isNotNull();
            } else {
                assertThat(change.type()).as("%s: %s", what, change.object()).isEqualTo(type);
                known.put(key, change.object().revision());
            }
        }
    }

    @Test
    void aPageOfWhatIsCompactedSaysWhereToGoOn() {
        history(new Random(7), 100);
        long old = model.firstKey() + 60;
        Listing first = lister.list(Selection.all(PREFIX), new Query(old, Match.EXACT, 2, ""));
        kv.compact(kv.revision());
        Query next = new Query(-1, Match.UNSET, 2, first.continueToken());
        assertThatThrownBy(() -> lister.list(Selection.all(PREFIX), next))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(StorageException.Kind.EXPIRED);
                            Query rest = new Query(-1, Match.UNSET, 0, e.continueToken());
                            List<String> keys =
                                    lister.list(Selection.all(PREFIX), rest).items().stream()
                                            .map(StoredObject::key)
                                            .toList();
                            String last = first.items().getLast().key();
                            assertThat(keys)
                                    .containsExactlyElementsOf(
                                            wanted(Selection.all(PREFIX), kv.revision())
                                                    .tailMap(last, false)
                                                    .keySet());
                        });
    }

    @Test
    void aReaderThatFallsBehindIsEndedAndReadsWhatWasKept() throws Exception {
        history(new Random(3), 5);
        WatchStream slow = lister.watch(Selection.all(PREFIX), kv.revision(), false, null);
        Selection probe = new Selection(PREFIX + "b/probe", true, null);
        WatchStream probed = lister.watch(probe, kv.revision(), false, null);
        for (int i = 0; i <= CacheWatcher.CAPACITY; i++) {
            write(PREFIX + "a/slow", i % 2 == 0);
        }
        // Whatever comes before this one has been told to all watches when this has.
        write(PREFIX + "b/probe", true);
        assertThat(probed.next(Duration.ofSeconds(20))).hasSize(1);
        int told = 0;
        long last = 0;
        for (List<WatchEvent> events = slow.next(Duration.ofSeconds(20));
                !events.isEmpty();
                events = slow.next(Duration.ofSeconds(20))) {
            for (WatchEvent each : events) {
                long revision = ((WatchEvent.Change) each).object().revision();
                assertThat(revision).isGreaterThan(last);
                last = revision;
                told++;
            }
        }
        assertThat(told).isEqualTo(CacheWatcher.CAPACITY);
        assertThat(slow.ended()).isTrue();
        // Who comes back with the last version that it saw misses nothing.
        try (WatchStream again = lister.watch(Selection.all(PREFIX), last, false, null)) {
            List<WatchEvent> events = again.next(Duration.ofSeconds(20));
            assertThat(((WatchEvent.Change) events.getFirst()).object().revision())
                    .isEqualTo(last + 1);
        }
    }
}
