package io.jarnetes.etcd.server.linearizability;

import org.jspecify.annotations.Nullable;

/** What a client asked of one key. A key that isn't there has the value null. */
public sealed interface Action {
    String key();

    /** Answered by {@link Result.Read}. */
    record Get(String key) implements Action {}

    /** Answered by {@link Result.Done}. */
    record Put(String key, String value) implements Action {}

    /** Answered by {@link Result.Changed}: whether there was something to delete. */
    record Delete(String key) implements Action {}

    /**
     * Puts the value if the key has the expected one, null meaning that it isn't there. Answered by
     * {@link Result.Changed}: whether it had.
     */
    record Cas(String key, @Nullable String expected, String value) implements Action {}
}
