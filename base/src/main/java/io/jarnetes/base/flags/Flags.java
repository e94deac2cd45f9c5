package io.jarnetes.base.flags;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A set of flags: declare, {@link #parse}, read. The last of a repeated flag wins, but for lists
 * and maps, which gather.
 */
public final class Flags {

    /** Whose rules are followed. */
    public enum Style {
        /** spf13/pflag, as the kube programs and etcdctl: {@code --name value}, {@code -v2}. */
        PFLAG,
        /** Go's flag package, as etcd: {@code -name} and {@code --name} are the same. */
        GO
    }

    private final Style style;
    private final Map<String, Flag<?>> flags = new LinkedHashMap<>();
    private final Map<Character, String> shorthands = new LinkedHashMap<>();
    private List<String> positional = List.of();

    public Flags(Style style) {
        this.style = style;
    }

    public Flag<String> string(String name, String initial, String usage) {
        return add(name, "string", initial, usage, (was, first, word) -> word);
    }

    /**
     * A string that not every word may be.
     *
     * @param check throws IllegalArgumentException with Go's text of what is wrong
     */
    public Flag<String> string(String name, String initial, String usage, Consumer<String> check) {
        return add(
                name,
                "string",
                initial,
                usage,
                (was, first, word) -> {
                    check.accept(word);
                    return word;
                });
    }

    public Flag<Boolean> bool(String name, boolean initial, String usage) {
        return add(name, "bool", initial, usage, (was, first, word) -> GoValues.bool(word));
    }

    public Flag<Integer> integer(String name, int initial, String usage) {
        return add(
                name,
                "int",
                initial,
                usage,
                (was, first, word) -> Math.toIntExact(GoValues.integer(word, 32)));
    }

    public Flag<Long> longInteger(String name, long initial, String usage) {
        return add(name, "int", initial, usage, (was, first, word) -> GoValues.integer(word, 64));
    }

    /** Go's uint64, read unsigned. */
    public Flag<Long> unsigned(String name, long initial, String usage) {
        return add(name, "uint", initial, usage, (was, first, word) -> GoValues.unsigned(word));
    }

    public Flag<Double> number(String name, double initial, String usage) {
        return add(name, "float", initial, usage, (was, first, word) -> GoValues.number(word));
    }

    /** Go's durations: {@code 1h2m3.5s}, {@code 100ms}. */
    public Flag<Duration> duration(String name, Duration initial, String usage) {
        return add(name, "duration", initial, usage, (was, first, word) -> GoValues.duration(word));
    }

    /** Comma separated; a repeated flag adds. */
    public Flag<List<String>> strings(String name, List<String> initial, String usage) {
        return add(
                name,
                "strings",
                List.copyOf(initial),
                usage,
                (was, first, word) ->
                        gather(
                                was,
                                first,
                                word.isEmpty() ? List.of() : List.of(word.split(",", -1))));
    }

    /** One value a word, commas kept; a repeated flag adds. */
    public Flag<List<String>> stringArray(String name, List<String> initial, String usage) {
        return add(
                name,
                "stringArray",
                List.copyOf(initial),
                usage,
                (was, first, word) -> gather(was, first, List.of(word)));
    }

    /** {@code key=value,key=value}; a repeated flag adds. */
    public Flag<Map<String, String>> map(String name, Map<String, String> initial, String usage) {
        return add(
                name,
                "mapStringString",
                Map.copyOf(initial),
                usage,
                (was, first, word) -> {
                    Map<String, String> all = new LinkedHashMap<>(first ? Map.of() : was);
                    all.putAll(GoValues.pairs(word));
                    return Collections.unmodifiableMap(all);
                });
    }

    /** Lets a flag be given by one letter too ({@code -v}). */
    public void shorthand(char letter, Flag<?> flag) {
        shorthands.put(letter, flag.name());
    }

    private static List<String> gather(List<String> was, boolean first, List<String> more) {
        List<String> all = new ArrayList<>(first ? List.of() : was);
        all.addAll(more);
        return List.copyOf(all);
    }

    private <T> Flag<T> add(
            String name, String type, T initial, String usage, Flag.Parser<T> parser) {
        Flag<T> flag = new Flag<>(name, type, initial, usage, parser);
        if (flags.putIfAbsent(name, flag) != null) {
            throw new IllegalArgumentException("flag redefined: " + name);
        }
        return flag;
    }

    /**
     * Takes the words of a command line.
     *
     * @throws FlagException with upstream's text for unknown flags, missing and bad values
     */
    public void parse(List<String> args) throws FlagException {
        CommandSpec spec = CommandSpec.create();
        List<Given> given = new ArrayList<>();
        for (Flag<?> flag : flags.values()) {
            OptionSpec.Builder option =
                    OptionSpec.builder(names(flag)).type(String.class).arity("1");
            // Values are taken one by one, so that gathering flags see every word.
            spec.addOption(option.setter(new Taker(flag, given)).build());
        }
        List<String> rest = new ArrayList<>();
        spec.addPositional(
                PositionalParamSpec.builder()
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .build());
        CommandLine line =
                new CommandLine(spec)
                        .setTrimQuotes(false)
                        .setOverwrittenOptionsAllowed(true)
                        .setAllowOptionsAsOptionParameters(true)
                        .setExpandAtFiles(false);
        try {
            line.parseArgs(normalised(args));
            // Matched once for each run of words between flags, and each time the value is all.
            List<String> words = spec.positionalParameters().getFirst().getValue();
            if (words != null) {
                rest.addAll(words);
            }
        } catch (CommandLine.MissingParameterException missing) {
            throw missing(missing);
        } catch (CommandLine.UnmatchedArgumentException unmatched) {
            throw unknown(unmatched.getUnmatched().get(0));
        } catch (CommandLine.ParameterException other) {
            throw new FlagException(
                    FlagException.Kind.BAD_VALUE, String.valueOf(other.getMessage()));
        }
        for (Given one : given) {
            take(one.flag(), one.word());
        }
        positional = List.copyOf(rest);
    }

    /** Gives a flag from elsewhere, such as an environment variable or a config file. */
    public void set(String name, String word) throws FlagException {
        Flag<?> flag = flags.get(name);
        if (flag == null) {
            throw unknown("--" + name);
        }
        take(flag, word);
    }

    private void take(Flag<?> flag, String word) throws FlagException {
        try {
            flag.take(word);
        } catch (IllegalArgumentException e) {
            throw bad(flag, word, String.valueOf(e.getMessage()));
        }
    }

    private String[] names(Flag<?> flag) {
        List<String> names = new ArrayList<>();
        names.add("--" + flag.name());
        shorthands.forEach((letter, name) -> {
            if (name.equals(flag.name())) {
                names.add("-" + letter);
            }
        });
        return names.toArray(String[]::new);
    }

    /** A single dash becomes two for Go's package; a bare boolean gets its value. */
    private String[] normalised(List<String> args) {
        List<String> words = new ArrayList<>();
        boolean end = false;
        for (String arg : args) {
            String word = arg;
            if (!end && style == Style.GO && word.length() > 1 && word.startsWith("-")) {
                word = word.startsWith("--") ? word : "-" + word;
            }
            end = end || word.equals("--");
            Flag<?> flag = end ? null : named(word);
            words.add(flag != null && flag.isBoolean() ? word + "=true" : word);
        }
        return words.toArray(String[]::new);
    }

    /**
     * The flag that this word of a command line gives without its value; null for a word that
     * carries its value, and for all others.
     */
    public @Nullable Flag<?> given(String word) {
        return named(word);
    }

    /** The letter that the flag can be given by, or null. */
    public @Nullable Character shorthandOf(Flag<?> flag) {
        for (Map.Entry<Character, String> entry : shorthands.entrySet()) {
            if (entry.getValue().equals(flag.name())) {
                return entry.getKey();
            }
        }
        return null;
    }

    private @Nullable Flag<?> named(String word) {
        if (word.startsWith("--")) {
            return flags.get(word.substring(2));
        }
        String name = word.length() == 2 ? shorthands.get(word.charAt(1)) : null;
        return name == null ? null : flags.get(name);
    }

    private FlagException missing(CommandLine.MissingParameterException missing) {
        String name = "";
        if (!missing.getMissing().isEmpty()
                && missing.getMissing().get(0) instanceof OptionSpec option) {
            name = option.longestName();
        }
        String text =
                style == Style.GO
                        ? "flag needs an argument: -" + name.substring(2)
                        : "flag needs an argument: " + name;
        return new FlagException(FlagException.Kind.MISSING_VALUE, text);
    }

    private FlagException unknown(String word) {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        String text;
        if (style == Style.GO) {
            text = "flag provided but not defined: -" + name.replaceFirst("^-+", "");
        } else if (name.startsWith("--")) {
            text = "unknown flag: " + name;
        } else if (name.startsWith("-")) {
            text = "unknown shorthand flag: '" + name.charAt(1) + "' in " + word;
        } else {
            text = "unknown command \"" + word + "\"";
        }
        return new FlagException(FlagException.Kind.UNKNOWN_FLAG, text);
    }

    /** The words that are no flags. */
    public List<String> positional() {
        return positional;
    }

    /** All flags in the order of declaration. */
    public Collection<Flag<?>> all() {
        return Collections.unmodifiableCollection(flags.values());
    }

    /** The flag of that name, or null. */
    public @Nullable Flag<?> find(String name) {
        return flags.get(name);
    }

    /** pflag's usage text, one flag a line, sorted by name. */
    public String usage() {
        return usage(flag -> true, Flag::usage);
    }

    /**
     * The same for some of the flags, with texts from elsewhere.
     *
     * @param shown which flags
     * @param texts what each is for
     */
    public String usage(Predicate<Flag<?>> shown, Function<Flag<?>, String> texts) {
        StringBuilder text = new StringBuilder();
        flags.values().stream()
                .filter(shown)
                .sorted(java.util.Comparator.comparing(Flag::name))
                .forEach(flag -> usage(text, flag, texts.apply(flag)));
        return text.toString();
    }

    private void usage(StringBuilder text, Flag<?> flag, String usage) {
        StringBuilder left = new StringBuilder("      --").append(flag.name());
        shorthands.forEach((letter, name) -> {
            if (name.equals(flag.name())) {
                left.replace(0, 6, "  -" + letter + ", ");
            }
        });
        if (!flag.isBoolean()) {
            left.append(' ').append(flag.type());
        }
        text.append(left);
        text.append(" ".repeat(Math.max(3, 45 - left.length()))).append(usage);
        Object initial = flag.defaultValue();
        boolean plain = initial.equals("") || initial.equals(false) || initial.equals(List.of());
        if (!plain && !initial.equals(Map.of())) {
            String shown =
                    initial instanceof Duration duration
                            ? GoValues.text(duration)
                            : String.valueOf(initial).replace(", ", ",");
            text.append(" (default ")
                    .append(initial instanceof String ? '"' + shown + '"' : shown)
                    .append(')');
        }
        text.append('\n');
    }

    /** One word of the command line and the flag that it is for. */
    private record Given(Flag<?> flag, String word) {}

    /** Gathers every word of an option. */
    private record Taker(Flag<?> flag, List<Given> given) implements ISetter {

        @Override
        @SuppressWarnings("NullAway") // picocli asks for the earlier value, which it doesn't use
        public <T> T set(@Nullable T value) {
            if (value != null) {
                given.add(new Given(flag, value.toString()));
            }
            return null;
        }
    }

    private FlagException bad(Flag<?> flag, String word, String why) {
        String text;
        if (style == Style.PFLAG) {
            text =
                    "invalid argument \"%s\" for \"--%s\" flag: %s"
                            .formatted(word, flag.name(), why);
        } else if (flag.isBoolean()) {
            text = "invalid boolean value \"%s\" for -%s: parse error".formatted(word, flag.name());
        } else {
            text =
                    "invalid value \"%s\" for flag -%s: %s"
                            .formatted(word, flag.name(), goReason(flag, why));
        }
        return new FlagException(FlagException.Kind.BAD_VALUE, text);
    }

    /** Go's package says only so much of what is no number and no duration. */
    private static String goReason(Flag<?> flag, String why) {
        return switch (flag.type()) {
            case "int", "uint", "float", "duration" ->
                    why.endsWith("value out of range") ? "value out of range" : "parse error";
            default -> why;
        };
    }
}
