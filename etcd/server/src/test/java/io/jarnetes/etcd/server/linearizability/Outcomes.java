package io.jarnetes.etcd.server.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operations of one key say about those of unknown outcome. Each unknown write doubles
 * what has to be searched, and most of them can be settled:
 *
 * <ul>
 *   <li>a value that was written once and seen has been written before it was seen;
 *   <li>a value that nobody saw or compared with is as good as any other such value;
 *   <li>a write of such a value may as well not have been, unless somebody saw <i>that</i> there is
 *       something else: deletes and failed comparisons do.
 * </ul>
 */
final class Outcomes {
    private final Set<String> written = new HashSet<>();
    private final Set<String> compared = new HashSet<>();

    /** The end of the first to end that saw the value. */
    private final Map<String, Long> seen = new HashMap<>();

    private boolean once = true;
    private boolean anyValueMatters;

    /** Stands for all values that nobody saw. */
    private @Nullable String unseen;

    private Outcomes(List<Operation> operations) {
        for (Operation operation : operations) {
            String value = operation.written();
            once &= value == null || written.add(value);
            observe(operation);
        }
    }

    /** The same operations, as far as they matter, with narrower ends. */
    static List<Operation> settle(List<Operation> operations) {
        Outcomes outcomes = new Outcomes(operations);
        List<Operation> settled = new ArrayList<>();
        for (Operation operation : operations) {
            Operation known = operation.isUnknown() ? outcomes.settle(operation) : operation;
            if (known != null) {
                settled.add(known);
            }
        }
        return settled;
    }

    private void observe(Operation operation) {
        if (operation.action() instanceof Action.Cas cas) {
            compare(cas, operation);
        } else if (operation.result() instanceof Result.Read read) {
            saw(read.value(), operation.end());
        } else if (operation.result() instanceof Result.Changed) {
            anyValueMatters = true;
        }
    }

    private void compare(Action.Cas cas, Operation operation) {
        if (operation.result().equals(Result.changed(true))) {
            saw(cas.expected(), operation.end());
            return;
        }
        // It failed, or may have: what made it fail matters, whatever its value.
        anyValueMatters = true;
        if (cas.expected() != null) {
            compared.add(cas.expected());
        }
    }

    private void saw(@Nullable String value, long end) {
        if (value != null) {
            seen.merge(value, end, Math::min);
        }
    }

    private @Nullable Operation settle(Operation operation) {
        return switch (operation.action()) {
            case Action.Get get -> null;
            case Action.Delete delete -> operation;
            case Action.Put put -> write(operation, put.value());
            case Action.Cas cas -> write(operation, cas.value());
        };
    }

    private @Nullable Operation write(Operation operation, String value) {
        Long end = seen.get(value);
        if (end != null) {
            return once ? bounded(operation, end) : operation;
        }
        if (compared.contains(value)) {
            return operation;
        }
        return anyValueMatters ? withUnseen(operation, value) : null;
    }

    private static Operation bounded(Operation operation, long seenAt) {
        boolean cas = operation.action() instanceof Action.Cas;
        // Seen before it was asked: that is not linearizable, and the search is to find it.
        long end = Math.max(seenAt, operation.call());
        Result result = cas ? Result.changed(true) : Result.DONE;
        return new Operation(operation.client(), operation.call(), end, operation.action(), result);
    }

    private Operation withUnseen(Operation operation, String value) {
        String symbol = unseen == null ? value : unseen;
        unseen = symbol;
        Action action =
                operation.action() instanceof Action.Cas cas
                        ? new Action.Cas(cas.key(), cas.expected(), symbol)
                        : new Action.Put(operation.action().key(), symbol);
        return new Operation(
                operation.client(), operation.call(), Operation.NEVER, action, Result.UNKNOWN);
    }
}
