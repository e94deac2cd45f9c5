package io.jarnetes.etcd.server.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * One action of one client.
 *
 * @param client who asked; a client that got no answer goes on under another number
 * @param call when it was asked
 * @param end when it was answered, {@link #NEVER} if the result is unknown
 */
public record Operation(int client, long call, long end, Action action, Result result) {
    public static final long NEVER = Long.MAX_VALUE;

    public Operation {
        if (end < call) {
            throw new IllegalArgumentException(action + " ends at " + end + ", before " + call);
        }
        boolean unknown = result instanceof Result.Unknown;
        if (unknown != (end == NEVER)) {
            throw new IllegalArgumentException(
                    action + " ends at " + end + " with " + result + "; NEVER goes with UNKNOWN");
        }
        if (!unknown && !fits(action, result)) {
            throw new IllegalArgumentException(action + " is not answered by " + result);
        }
    }

    private static boolean fits(Action action, Result result) {
        return switch (action) {
            case Action.Get get -> result instanceof Result.Read;
            case Action.Put put -> result instanceof Result.Done;
            case Action.Delete delete -> result instanceof Result.Changed;
            case Action.Cas cas -> result instanceof Result.Changed;
        };
    }

    boolean isUnknown() {
        return end == NEVER;
    }

    /** The value that this leaves behind if it takes effect, null for none. */
    @Nullable String written() {
        return switch (action) {
            case Action.Put put -> put.value();
            case Action.Cas cas -> cas.value();
            case Action.Get get -> null;
            case Action.Delete delete -> null;
        };
    }
}
