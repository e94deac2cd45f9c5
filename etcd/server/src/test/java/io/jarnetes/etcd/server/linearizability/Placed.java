package io.jarnetes.etcd.server.linearizability;

import java.util.Arrays;

/** Which operations have been placed. */
final class Placed {
    private final long[] words;
    private final int knownCount;
    private final int knownWords;

    /** All known operations before this word are placed. */
    private int full;

    /** None of the known ones from this word on. */
    private int end;

    /**
     * @param knownCount the operations below this have a known result
     */
    Placed(int knownCount, int count) {
        this.knownCount = knownCount;
        knownWords = (knownCount + Long.SIZE - 1) / Long.SIZE;
        words = new long[knownWords + (count - knownCount + Long.SIZE - 1) / Long.SIZE];
    }

    /** What has been placed, and the value that it led to. */
    record Configuration(int full, long[] words, int value) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Configuration c
                    && full == c.full
                    && value == c.value
                    && Arrays.equals(words, c.words);
        }

        @Override
        public int hashCode() {
            return (Arrays.hashCode(words) * 31 + full) * 31 + value;
        }
    }

    int knownCount() {
        return knownCount;
    }

    void set(int operation) {
        int word = word(operation);
        words[word] |= bit(operation);
        if (word < knownWords) {
            end = Math.max(end, word + 1);
            while (full < knownWords && words[full] == -1) {
                full++;
            }
        }
    }

    void clear(int operation) {
        int word = word(operation);
        words[word] &= ~bit(operation);
        if (word < knownWords) {
            full = Math.min(full, word);
            while (end > 0 && words[end - 1] == 0) {
                end--;
            }
        }
    }

    boolean has(int operation) {
        return (words[word(operation)] & bit(operation)) != 0;
    }

    private int word(int operation) {
        return operation < knownCount
                ? operation / Long.SIZE
                : knownWords + (operation - knownCount) / Long.SIZE;
    }

    private long bit(int operation) {
        return 1L << (operation < knownCount ? operation : operation - knownCount);
    }

    /** Only the words that differ from all and from nothing: few, however long the history. */
    Configuration configuration(int value) {
        int middle = Math.max(0, end - full);
        int unknown = words.length - knownWords;
        long[] shown = new long[middle + unknown];
        System.arraycopy(words, full, shown, 0, middle);
        System.arraycopy(words, knownWords, shown, middle, unknown);
        return new Configuration(full, shown, value);
    }
}
