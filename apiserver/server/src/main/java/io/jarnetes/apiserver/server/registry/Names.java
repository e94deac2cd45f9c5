package io.jarnetes.apiserver.server.registry;

import java.util.random.RandomGenerator;

/** Names for {@code generateName}, as upstream's {@code names.SimpleNameGenerator} makes them. */
public final class Names {

    /** No vowels and nothing that looks like them, so that no words come out. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;
    private static final int MAX_BASE_LENGTH = 63 - SUFFIX_LENGTH;

    private final RandomGenerator random;

    public Names(RandomGenerator random) {
        this.random = random;
    }

    /** The base, cut to 58 characters, and five random ones. */
    public String generate(String base) {
        String cut = base.length() > MAX_BASE_LENGTH ? base.substring(0, MAX_BASE_LENGTH) : base;
        return cut + suffix(SUFFIX_LENGTH);
    }

    /** Random characters of the alphabet. */
    public String suffix(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
