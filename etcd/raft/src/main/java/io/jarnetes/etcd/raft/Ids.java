package io.jarnetes.etcd.raft;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Member ids: unsigned 64-bit numbers, 0 for none, printed in hexadecimal without padding. */
final class Ids {
    /** Nobody. */
    static final long NONE = 0;

    private Ids() {}

    static String hex(long id) {
        return Long.toHexString(id);
    }

    /** An empty set in ascending order of unsigned ids. */
    static SortedSet<Long> set() {
        return new TreeSet<>(Long::compareUnsigned);
    }

    /** A copy that nobody changes. */
    static SortedSet<Long> copyOf(Collection<Long> ids) {
        SortedSet<Long> copy = set();
        copy.addAll(ids);
        return Collections.unmodifiableSortedSet(copy);
    }

    /** Upstream's form of a set of ids: decimal, in round brackets. */
    static String describe(Collection<Long> ids) {
        StringJoiner s = new StringJoiner(" ", "(", ")");
        ids.forEach(id -> s.add(Long.toUnsignedString(id)));
        return s.toString();
    }
}
