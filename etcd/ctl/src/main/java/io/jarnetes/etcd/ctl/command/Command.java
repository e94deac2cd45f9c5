package io.jarnetes.etcd.ctl.command;

import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.Flags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One command: what it is called by, its flags, and what it does or what is below it. */
public final class Command {
    /** What a command does with the words that are no flags. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws ExitException to end with a message and a status other than 0
         */
        void run(List<String> args);
    }

    private final String use;
    private final String summary;
    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<Boolean> help;
    private final Set<String> inherited = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();
    private final List<Flag<?>> required = new ArrayList<>();
    private final List<Command> children = new ArrayList<>();
    private OptionalInt arguments = OptionalInt.empty();
    private @Nullable Command parent;
    private @Nullable Action action;

    /**
     * @param use the name, and what follows it in usage texts: {@code "status <filename>"}
     * @param summary one line for the list of commands
     */
    public Command(String use, String summary) {
        this.use = use;
        this.summary = summary;
        this.help = flags.bool("help", false, "help for " + name());
        flags.shorthand('h', help);
    }

    /** Puts a command below this one. */
    public Command add(Command child) {
        child.parent = this;
        children.add(child);
        return this;
    }

    /** What the command does; without, its usage is shown. */
    public Command does(Action what) {
        action = what;
        return this;
    }

    /** How many words there must be besides the flags. */
    public Command takes(int count) {
        arguments = OptionalInt.of(count);
        return this;
    }

    /** Where to declare flags. */
    public Flags flags() {
        return flags;
    }

    /** A flag of all commands, which usage texts show apart. */
    public <T> Flag<T> global(Flag<T> flag) {
        inherited.add(flag.name());
        return flag;
    }

    /** A flag that usage texts don't show. */
    public <T> Flag<T> hide(Flag<T> flag) {
        hidden.add(flag.name());
        return flag;
    }

    /** A flag that must be given. */
    public <T> Flag<T> require(Flag<T> flag) {
        required.add(flag);
        return flag;
    }

    /** The first word of {@code use}. */
    public String name() {
        int space = use.indexOf(' ');
        return space < 0 ? use : use.substring(0, space);
    }

    String summary() {
        return summary;
    }

    /** The names from the program's on. */
    String path() {
        return parent == null ? name() : parent.path() + " " + name();
    }

    /** The path with what follows the name. */
    String line() {
        return (parent == null ? use : parent.path() + " " + use) + " [flags]";
    }

    List<Command> children() {
        return children;
    }

    @Nullable Action action() {
        return action;
    }

    boolean wantsHelp() {
        return help.get();
    }

    void hideHelp() {
        hide(help);
    }

    OptionalInt arguments() {
        return arguments;
    }

    List<Flag<?>> required() {
        return required;
    }

    boolean root() {
        return parent == null;
    }

    boolean isGlobal(Flag<?> flag) {
        return !root() && inherited.contains(flag.name());
    }

    boolean isHidden(Flag<?> flag) {
        return hidden.contains(flag.name());
    }

    /** The child of that name, or the only one whose name begins so. */
    @Nullable Command find(String word) {
        List<Command> found = new ArrayList<>();
        for (Command child : children) {
            if (child.name().equals(word)) {
                return child;
            }
            if (child.name().startsWith(word)) {
                found.add(child);
            }
        }
        return found.size() == 1 ? found.getFirst() : null;
    }
}
