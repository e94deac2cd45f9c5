package io.jarnetes.etcd.server.linearizability;

import org.jspecify.annotations.Nullable;

/** What a client was answered. */
public sealed interface Result {
    Result DONE = new Done();

    /** No answer, or one that leaves open whether the action took or will take place. */
    Result UNKNOWN = new Unknown();

    /** The value that was read, null if the key wasn't there. */
    static Result read(@Nullable String value) {
        return new Read(value);
    }

    static Result changed(boolean did) {
        return new Changed(did);
    }

    record Done() implements Result {}

    record Read(@Nullable String value) implements Result {}

    record Changed(boolean did) implements Result {}

    record Unknown() implements Result {}
}
