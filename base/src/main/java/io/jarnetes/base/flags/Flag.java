package io.jarnetes.base.flags;

import java.util.ArrayList;
import java.util.List;

/**
 * One flag of a {@link Flags} set.
 *
 * @param <T> the type of its value
 */
public final class Flag<T> {

    /** How a word becomes a value. */
    @FunctionalInterface
    interface Parser<T> {
        /**
         * @param earlier the value so far, for flags that gather
         * @param first whether no word was given before, so that a default is replaced
         * @throws IllegalArgumentException with Go's text of what is wrong
         */
        T parse(T earlier, boolean first, String word);
    }

    private final String name;
    private final String type;
    private final String usage;
    private final T initial;
    private final Parser<T> parser;
    private final List<String> words = new ArrayList<>();
    private T value;

    Flag(String name, String type, T initial, String usage, Parser<T> parser) {
        this.name = name;
        this.type = type;
        this.initial = initial;
        this.value = initial;
        this.usage = usage;
        this.parser = parser;
    }

    void take(String word) {
        value = parser.parse(value, words.isEmpty(), word);
        words.add(word);
    }

    /** The value given, or the default. */
    public T get() {
        return value;
    }

    /** Whether the command line (or the environment, or a file) gave it. */
    public boolean changed() {
        return !words.isEmpty();
    }

    /** The name without dashes. */
    public String name() {
        return name;
    }

    /** pflag's name of the type, as usage texts show it: {@code string}, {@code int}, ... */
    public String type() {
        return type;
    }

    public T defaultValue() {
        return initial;
    }

    public String usage() {
        return usage;
    }

    boolean isBoolean() {
        return initial instanceof Boolean;
    }
}
