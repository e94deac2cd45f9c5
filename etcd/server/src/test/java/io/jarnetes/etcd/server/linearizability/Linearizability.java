package io.jarnetes.etcd.server.linearizability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges histories: is there an order of all operations, each between its call and its end, in
 * which one machine gives these results? A register is linearizable if each of its keys is (Herlihy
 * and Wing, theorem 1), so every key is searched for itself.
 */
public final class Linearizability {
    private Linearizability() {}

    /**
     * A key for whose operations there is no such order.
     *
     * @param stuck the operation that ended before it could be placed, in the longest order found
     * @param value what the key held there
     * @param around the operations that overlap with it, and the last before it
     */
    public record Violation(String key, Operation stuck, String value, List<Operation> around) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            text.append("the history of key ").append(key).append(" is not linearizable: with ");
            text.append(value).append(" there, no place is left for\n  ").append(stuck);
            text.append("\namong");
            around.forEach(operation -> text.append("\n  ").append(operation));
            return text.toString();
        }
    }

    /**
     * The first violation by key, none if the history is linearizable. Keys begin absent.
     *
     * @throws IllegalStateException if too many orders are possible to try them all
     */
    public static Optional<Violation> check(List<Operation> history) {
        Map<String, List<Operation>> byKey = new TreeMap<>();
        for (Operation operation : history) {
            byKey.computeIfAbsent(operation.action().key(), key -> new ArrayList<>())
                    .add(operation);
        }
        return byKey.entrySet().stream()
                .map(e -> new OrderSearch(e.getKey(), Outcomes.settle(e.getValue())).run())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Throws an AssertionError that shows the violation, if there is one. */
    public static void verify(List<Operation> history) {
        check(history)
                .ifPresent(violation -> {
                    throw new AssertionError(violation.toString());
                });
    }
}
