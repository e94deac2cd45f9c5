package io.jarnetes.etcd.server.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Searches an order for the operations of one key, after Wing and Gong ("Testing and verifying
 * concurrent objects", 1993) with Lowe's memory of what was tried ("Testing for linearizability",
 * 2017): depth first, first the operation that was called first; what has been placed and the value
 * that it led to are never tried twice. Of unknown operations that do the same the earlier is tried
 * first, and only where it changes something: elsewhere it may as well not have been.
 */
final class OrderSearch {
    private static final int MAX_CONFIGURATIONS = 1_000_000;
    private static final int NONE = -1;
    private static final int SHOWN_BEFORE = 3;

    private final String key;
    private final List<Operation> operations;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<@Nullable String> values = new ArrayList<>();
    private final Moments known;
    private final Moments unknown;
    private final Placed placed;
    private final Set<Placed.Configuration> tried = new HashSet<>();

    /** What was placed, in order, and the value before each. */
    private final int[] order;

    private final int[] valueBefore;

    /** For an unknown operation the one before it that does the same, or NONE. */
    private final int[] twin;

    private int depth;
    private int value;
    private int knownLeft;
    private int longest = -1;
    private @Nullable Operation stuck;
    private int stuckValue;

    OrderSearch(String key, List<Operation> all) {
        this.key = key;
        operations = new ArrayList<>(all);
        operations.sort(
                Comparator.comparing(Operation::isUnknown).thenComparingLong(Operation::call));
        knownLeft = (int) operations.stream().filter(o -> !o.isUnknown()).count();
        known = new Moments(operations, 0, knownLeft);
        unknown = new Moments(operations, knownLeft, operations.size());
        placed = new Placed(knownLeft, operations.size());
        order = new int[operations.size()];
        valueBefore = new int[operations.size()];
        twin = twins();
        number(null);
    }

    private int[] twins() {
        int[] same = new int[operations.size()];
        Map<Action, Integer> last = new HashMap<>();
        for (int i = 0; i < same.length; i++) {
            Integer before = i < knownLeft ? null : last.put(operations.get(i).action(), i);
            same[i] = before == null ? NONE : before;
        }
        return same;
    }

    private int number(@Nullable String text) {
        return numbers.computeIfAbsent(
                text,
                t -> {
                    values.add(t);
                    return values.size() - 1;
                });
    }

    Optional<Linearizability.Violation> run() {
        int candidate = known.first();
        while (knownLeft > 0) {
            if (candidate == NONE) {
                remember();
                if (depth == 0) {
                    return Optional.of(violation());
                }
                candidate = following(takeBack());
            } else if (place(candidate)) {
                candidate = known.first();
            } else {
                candidate = following(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * What may come next in place of this one: first all of known result, for they have to come,
     * then the others. An operation may come next if nothing that is left ended before its call.
     */
    private int following(int operation) {
        if (operation < placed.knownCount()) {
            int next = known.after(operation);
            return next != NONE ? next : within(unknown.first());
        }
        return within(unknown.after(operation));
    }

    private int within(int operation) {
        boolean may = operation != NONE && operations.get(operation).call() <= known.firstEnd();
        return may ? operation : NONE;
    }

    private boolean place(int operation) {
        int after = apply(operations.get(operation), value);
        if (after == NONE || isIdle(operation, after)) {
            return false;
        }
        placed.set(operation);
        if (!tried.add(placed.configuration(after))) {
            placed.clear(operation);
            return false;
        }
        if (tried.size() > MAX_CONFIGURATIONS) {
            throw new IllegalStateException(
                    "key "
                            + key
                            + " has "
                            + operations.size()
                            + " operations in more than "
                            + MAX_CONFIGURATIONS
                            + " possible orders: record fewer clients to a key, or fewer unknown"
                            + " outcomes");
        }
        order[depth] = operation;
        valueBefore[depth++] = value;
        value = after;
        list(operation).remove(operation);
        knownLeft -= operation < placed.knownCount() ? 1 : 0;
        return true;
    }

    private boolean isIdle(int operation, int after) {
        boolean known = operation < placed.knownCount();
        boolean early = twin[operation] != NONE && !placed.has(twin[operation]);
        return !known && (after == value || early);
    }

    private int takeBack() {
        int operation = order[--depth];
        value = valueBefore[depth];
        placed.clear(operation);
        list(operation).putBack(operation);
        knownLeft += operation < placed.knownCount() ? 1 : 0;
        return operation;
    }

    private Moments list(int operation) {
        return operation < placed.knownCount() ? known : unknown;
    }

    /** The value after the operation, {@link #NONE} if it would not have had its result. */
    private int apply(Operation operation, int before) {
        Result result = operation.result();
        boolean open = operation.isUnknown();
        return switch (operation.action()) {
            case Action.Get get -> result.equals(Result.read(values.get(before))) ? before : NONE;
            case Action.Put put -> number(put.value());
            case Action.Delete delete ->
                    open || result.equals(Result.changed(before != 0)) ? 0 : NONE;
            case Action.Cas cas -> {
                boolean did = number(cas.expected()) == before;
                boolean fits = open || result.equals(Result.changed(did));
                yield !fits ? NONE : did ? number(cas.value()) : before;
            }
        };
    }

    private void remember() {
        if (depth > longest) {
            longest = depth;
            stuck = operations.get(known.firstToEnd());
            stuckValue = value;
        }
    }

    private Linearizability.Violation violation() {
        Operation at = stuck;
        if (at == null) {
            throw new IllegalStateException("nothing was tried");
        }
        List<Operation> around = new ArrayList<>();
        operations.stream()
                .filter(o -> o.end() < at.call())
                .sorted(Comparator.comparingLong(Operation::end).reversed())
                .limit(SHOWN_BEFORE)
                .forEach(around::add);
        operations.stream()
                .filter(o -> o != at && o.end() >= at.call() && o.call() <= at.end())
                .forEach(around::add);
        around.sort(Comparator.comparingLong(Operation::call));
        String held = values.get(stuckValue);
        return new Linearizability.Violation(
                key, at, held == null ? "nothing" : held, List.copyOf(around));
    }
}
