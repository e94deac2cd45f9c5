package io.jarnetes.etcd.server.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Histories from a seed, and an exhaustive search of an order for small ones. */
final class RandomHistories {
    private RandomHistories() {}

    /** Some operations on one key with results that may or may not go together. */
    static List<Operation> plausible(Random random, int count) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long call = random.nextInt(20);
            boolean unknown = random.nextInt(5) == 0;
            long end = unknown ? Operation.NEVER : call + random.nextInt(15);
            Action action = action(random, "k", few(random));
            Result result = unknown ? Result.UNKNOWN : guess(random, action);
            operations.add(new Operation(i, call, end, action, result));
        }
        return operations;
    }

    private static String few(Random random) {
        return "v" + random.nextInt(4);
    }

    private static Action action(Random random, String key, String value) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Action.Put(key, value);
            case 2 -> new Action.Delete(key);
            case 3 -> new Action.Cas(key, random.nextInt(4) == 0 ? null : few(random), value);
            default -> new Action.Get(key);
        };
    }

    private static Result guess(Random random, Action action) {
        return switch (action) {
            case Action.Get get -> Result.read(random.nextInt(4) == 0 ? null : few(random));
            case Action.Put put -> Result.DONE;
            case Action.Delete delete -> Result.changed(random.nextInt(3) > 0);
            case Action.Cas cas -> Result.changed(random.nextInt(3) == 0);
        };
    }

    /** Whether there is an order: by trying all. */
    static boolean hasOrder(List<Operation> operations) {
        return hasOrder(new ArrayList<>(operations), null);
    }

    private static boolean hasOrder(List<Operation> left, @Nullable String value) {
        if (left.stream().allMatch(Operation::isUnknown)) {
            return true;
        }
        for (int i = 0; i < left.size(); i++) {
            Operation next = left.get(i);
            boolean may = left.stream().allMatch(o -> o.end() >= next.call());
            Machine machine = new Machine();
            machine.values.put("k", value);
            Result result = machine.apply(next.action());
            if (may && (next.isUnknown() || result.equals(next.result()))) {
                List<Operation> rest = new ArrayList<>(left);
                rest.remove(i);
                if (hasOrder(rest, machine.values.get("k"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What clients see of a machine that takes each action at one moment between its ends. */
    static List<Operation> ofMachine(Random random, int count, int clients) {
        Machine machine = new Machine();
        List<Operation> operations = new ArrayList<>();
        long[] freeAt = new long[clients];
        // The moments follow each other; each client's operation lies around its own.
        for (int i = 0; i < count; i++) {
            long moment = 100L * i;
            int client = i % clients;
            long call = Math.max(freeAt[client], moment - random.nextInt(500));
            long end = moment + random.nextInt(300);
            freeAt[client] = end + 1;
            Action action = action(random, "k" + random.nextInt(2), "v" + i);
            boolean unknown = random.nextInt(100) == 0;
            boolean lost = unknown && random.nextBoolean();
            Result result = lost ? Result.UNKNOWN : machine.apply(action);
            operations.add(
                    unknown
                            ? new Operation(client, call, Operation.NEVER, action, Result.UNKNOWN)
                            : new Operation(client, call, end, action, result));
        }
        return operations;
    }

    /** Lets one read see a value that was overwritten long before. */
    static void spoil(Random random, List<Operation> operations) {
        int i = operations.size() / 2 + random.nextInt(operations.size() / 4);
        while (!(operations.get(i).result() instanceof Result.Read)) {
            i++;
        }
        Operation read = operations.get(i);
        operations.set(
                i,
                new Operation(
                        read.client(),
                        read.call(),
                        read.end(),
                        read.action(),
                        Result.read("of old")));
    }

    /** The second model: a map. */
    private static final class Machine {
        final Map<String, @Nullable String> values = new HashMap<>();

        Result apply(Action action) {
            String now = values.get(action.key());
            return switch (action) {
                case Action.Get get -> Result.read(now);
                case Action.Put put -> {
                    values.put(put.key(), put.value());
                    yield Result.DONE;
                }
                case Action.Delete delete -> Result.changed(values.remove(delete.key()) != null);
                case Action.Cas cas -> {
                    boolean did = Objects.equals(now, cas.expected());
                    if (did) {
                        values.put(cas.key(), cas.value());
                    }
                    yield Result.changed(did);
                }
            };
        }
    }
}
