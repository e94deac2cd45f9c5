package io.jarnetes.etcd.server.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import org.jspecify.annotations.Nullable;

/** What clients propose: one line of words, the first a number that no other command has. */
sealed interface Command {
    int id();

    record Put(int id, String key, String value) implements Command {}

    /** Two keys in one revision. */
    record Both(int id, String first, String second, String value) implements Command {}

    record Delete(int id, String key) implements Command {}

    record Cas(int id, String key, String expected, String value) implements Command {}

    /** Makes all below a revision unreadable. */
    record Compact(int id, long revision) implements Command {}

    default byte[] encode() {
        String line =
                switch (this) {
                    case Put(int id, String key, String value) -> id + " put " + key + " " + value;
                    case Both(int id, String first, String second, String value) ->
                            id + " both " + first + " " + second + " " + value;
                    case Delete(int id, String key) -> id + " delete " + key;
                    case Cas(int id, String key, String expected, String value) ->
                            id + " cas " + key + " " + expected + " " + value;
                    case Compact(int id, long revision) -> id + " compact " + revision;
                };
        return line.getBytes(UTF_8);
    }

    /** The command in an entry, null if it has none: a new leader's, or a change of members. */
    static @Nullable Command of(Entry entry) {
        if (entry.type() != EntryType.NORMAL || entry.data().length == 0) {
            return null;
        }
        String[] words = new String(entry.data(), UTF_8).split(" ", -1);
        int id = Integer.parseInt(words[0]);
        return switch (words[1]) {
            case "put" -> new Put(id, words[2], words[3]);
            case "both" -> new Both(id, words[2], words[3], words[4]);
            case "delete" -> new Delete(id, words[2]);
            case "cas" -> new Cas(id, words[2], words[3], words[4]);
            case "compact" -> new Compact(id, Long.parseLong(words[2]));
            default -> throw new IllegalStateException("no such command: " + words[1]);
        };
    }
}
