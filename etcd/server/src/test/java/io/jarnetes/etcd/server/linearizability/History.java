package io.jarnetes.etcd.server.linearizability;

import java.util.ArrayList;
import java.util.List;

/**
 * Operations as they are recorded: {@link #call} before the request leaves, then one of {@link
 * Call#ended}, {@link Call#unknown} and {@link Call#failed}. What was called and never ended is of
 * unknown outcome. Any thread.
 */
public final class History {
    private final List<Operation> ended = new ArrayList<>();
    private final List<Call> open = new ArrayList<>();

    /** An operation that is under way. */
    public final class Call {
        private final int client;
        private final long at;
        private final Action action;
        private int place;

        private Call(int client, long at, Action action, int place) {
            this.client = client;
            this.at = at;
            this.action = action;
            this.place = place;
        }

        public void ended(long time, Result result) {
            finish(new Operation(client, at, time, action, result));
        }

        /** There was no answer, or one such as "request timed out". */
        public void unknown() {
            finish(asUnknown());
        }

        /** It certainly did not take place, and never will. */
        public void failed() {
            synchronized (History.this) {
                forget();
            }
        }

        private Operation asUnknown() {
            return new Operation(client, at, Operation.NEVER, action, Result.UNKNOWN);
        }

        private void finish(Operation operation) {
            synchronized (History.this) {
                forget();
                ended.add(operation);
            }
        }

        private void forget() {
            if (place < 0) {
                throw new IllegalStateException(action + " of " + client + " has ended already");
            }
            Call last = open.removeLast();
            if (last != this) {
                open.set(place, last);
                last.place = place;
            }
            place = -1;
        }
    }

    public synchronized Call call(int client, long time, Action action) {
        Call call = new Call(client, time, action, open.size());
        open.add(call);
        return call;
    }

    /** All of them; those still under way are of unknown outcome. */
    public synchronized List<Operation> operations() {
        List<Operation> all = new ArrayList<>(ended);
        open.forEach(call -> all.add(call.asUnknown()));
        return all;
    }
}
