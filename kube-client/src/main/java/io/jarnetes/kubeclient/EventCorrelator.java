package io.jarnetes.kubeclient;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides which occurrences become new Events, as client-go's correlator: equal ones count up; more
 * than ten different messages of one reason within ten minutes become one combined event; an object
 * may have 25 events at once, then one each five minutes. One thread.
 */
final class EventCorrelator {

    private static final int REMEMBERED = 4096;
    private static final int SIMILAR = 10;
    private static final Duration SIMILAR_INTERVAL = Duration.ofMinutes(10);
    private static final int BURST = 25;
    private static final double TOKENS_PER_SECOND = 1.0 / 300;
    private static final String COMBINED = "(combined from similar events): ";

    /**
     * @param key of the event that counts
     * @param message to write
     * @param count 1 for a new event
     * @param name of the event to count up, if it was written
     * @param dropped whether nothing is to be written
     */
    record Decision(
            String key, String message, int count, @Nullable String name, boolean dropped) {}

    private record Written(int count, @Nullable String name) {}

    private record Similar(Set<String> messages, Instant last) {}

    private record Bucket(double tokens, Instant at) {}

    private final Clock clock;
    private final Map<String, Written> written = remembering();
    private final Map<String, Similar> similar = remembering();
    private final Map<String, Bucket> buckets = remembering();

    EventCorrelator(Clock clock) {
        this.clock = clock;
    }

    private static <V> Map<String, V> remembering() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    Decision observe(
            String source, ObjectNode regarding, String type, String reason, String message) {
        String object = source + '\0' + identity(regarding);
        if (!token(object)) {
            return new Decision("", message, 0, null, true);
        }
        String group = object + '\0' + type + '\0' + reason;
        boolean combined = combined(group, message);
        String text = combined ? COMBINED + message : message;
        String key = combined ? group : group + '\0' + message;
        Written before = written.get(key);
        Written now =
                new Written(
                        before == null ? 1 : before.count() + 1,
                        before == null ? null : before.name());
        written.put(key, now);
        return new Decision(key, text, now.count(), now.name(), false);
    }

    /** Remembers under which name an event was written. */
    void written(Decision decision, String name) {
        written.put(decision.key(), new Written(1, name));
    }

    private static String identity(ObjectNode regarding) {
        return Json.text(regarding, "kind")
                + '/'
                + Json.text(regarding, "namespace")
                + '/'
                + Json.text(regarding, "name")
                + '/'
                + Json.text(regarding, "uid")
                + '/'
                + Json.text(regarding, "fieldPath");
    }

    private boolean combined(String group, String message) {
        Instant now = clock.instant();
        Similar known = similar.get(group);
        if (known == null || known.last().plus(SIMILAR_INTERVAL).isBefore(now)) {
            known = new Similar(new HashSet<>(), now);
        }
        known.messages().add(message);
        similar.put(group, new Similar(known.messages(), now));
        return known.messages().size() >= SIMILAR;
    }

    private boolean token(String object) {
        Instant now = clock.instant();
        Bucket bucket = buckets.getOrDefault(object, new Bucket(BURST, now));
        double seconds = Duration.between(bucket.at(), now).toMillis() / 1000.0;
        double tokens = Math.min(BURST, bucket.tokens() + seconds * TOKENS_PER_SECOND);
        boolean granted = tokens >= 1;
        buckets.put(object, new Bucket(granted ? tokens - 1 : tokens, now));
        return granted;
    }
}
