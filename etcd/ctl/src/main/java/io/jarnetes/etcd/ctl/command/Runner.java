package io.jarnetes.etcd.ctl.command;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the command that is called, takes its flags, and runs it. */
public final class Runner {
    private final Command root;
    private final Invocation invocation;

    public Runner(Command root, Invocation invocation) {
        this.root = root;
        this.invocation = invocation;
    }

    /** A command and the words that are left for it. */
    private record Found(Command command, List<String> words) {}

    /** Runs to the end; returns the exit status. */
    public int run() {
        Found found = find(root, invocation.args());
        Command command = found.command();
        List<String> words = found.words();
        int first = positional(command, words);
        if (command.root() && first >= 0) {
            if (words.get(first).equals("help")) {
                return help(words.subList(first + 1, words.size()));
            }
            return unknown(words.get(first));
        }
        try {
            command.flags().parse(words);
            if (command.wantsHelp() || command.action() == null) {
                invocation.out().print(Usage.of(command));
                return 0;
            }
            List<String> args = command.flags().positional();
            check(command, args);
            return act(command, args);
        } catch (FlagException e) {
            return misused(command, String.valueOf(e.getMessage()));
        }
    }

    private int act(Command command, List<String> args) {
        try {
            Command.Action action = command.action();
            if (action != null) {
                action.run(args);
            }
            return 0;
        } catch (ExitException e) {
            invocation.err().println("Error: " + e.getMessage());
            return e.status();
        }
    }

    /** Words that name commands below lead there, wherever flags stand between them. */
    private static Found find(Command from, List<String> all) {
        Command command = from;
        List<String> words = new ArrayList<>(all);
        while (true) {
            int at = positional(command, words);
            Command child = at < 0 ? null : command.find(words.get(at));
            if (child == null) {
                return new Found(command, words);
            }
            words.remove(at);
            command = child;
        }
    }

    /** The place of the first word that is neither a flag nor a flag's value; -1 for none. */
    private static int positional(Command command, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                return i + 1 < words.size() ? i + 1 : -1;
            }
            if (!word.startsWith("-") || word.length() == 1) {
                return i;
            }
            Flag<?> flag = command.flags().given(word);
            if (flag != null && !flag.type().equals("bool")) {
                i++;
            }
        }
        return -1;
    }

    private static void check(Command command, List<String> args) throws FlagException {
        if (command.arguments().isPresent() && command.arguments().getAsInt() != args.size()) {
            throw new FlagException(
                    FlagException.Kind.BAD_VALUE,
                    "accepts %d arg(s), received %d"
                            .formatted(command.arguments().getAsInt(), args.size()));
        }
        String missing =
                command.required().stream()
                        .filter(flag -> !flag.changed())
                        .map(flag -> '"' + flag.name() + '"')
                        .sorted()
                        .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new FlagException(
                    FlagException.Kind.MISSING_VALUE, "required flag(s) " + missing + " not set");
        }
    }

    /** cobra says it, and the program says it once more. */
    private int misused(Command command, String message) {
        invocation.err().println("Error: " + message);
        invocation.err().println(Usage.of(command));
        invocation.err().println("Error: " + message);
        return ExitException.ERROR;
    }

    private int unknown(String word) {
        String message = "unknown command \"" + word + "\" for \"" + root.name() + "\"";
        invocation.err().println("Error: " + message);
        invocation.err().println("Run '" + root.name() + " --help' for usage.");
        invocation.err().println("Error: " + message);
        return ExitException.ERROR;
    }

    private int help(List<String> topic) {
        Found found = find(root, topic);
        String left = found.words().isEmpty() ? null : found.words().getFirst();
        if (left != null && found.command().root() && !left.startsWith("-")) {
            invocation.err().println("Unknown help topic [`" + String.join("` `", topic) + "`]");
            // cobra has not given the root its help flag by then.
            root.hideHelp();
            invocation.err().print(Usage.of(root));
            return 0;
        }
        invocation.out().print(Usage.of(found.command()));
        return 0;
    }
}
