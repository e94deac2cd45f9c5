package io.jarnetes.etcd.ctl.command;

import io.jarnetes.base.flags.Flag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** cobra's usage text. */
final class Usage {
    private static final int LEAST_NAME_WIDTH = 11;
    private static final String HELP_NAME = "help";
    private static final String HELP_SUMMARY = "Help about any command";

    private Usage() {}

    static String of(Command command) {
        StringBuilder text = new StringBuilder("Usage:");
        if (command.action() != null) {
            text.append("\n  ").append(command.line());
        }
        if (!command.children().isEmpty()) {
            text.append("\n  ").append(command.path()).append(" [command]");
            commands(text, command);
        }
        flags(text, command, "Flags", flag -> !command.isGlobal(flag));
        flags(text, command, "Global Flags", command::isGlobal);
        if (!command.children().isEmpty()) {
            text.append("\n\nUse \"")
                    .append(command.path())
                    .append(" [command] --help\" for more information about a command.");
        }
        return text.append('\n').toString();
    }

    private static void commands(StringBuilder text, Command command) {
        text.append("\n\nAvailable Commands:");
        List<Command> shown = new ArrayList<>(command.children());
        if (command.root()) {
            shown.add(new Command(HELP_NAME, HELP_SUMMARY));
        }
        shown.sort(Comparator.comparing(Command::name));
        shown.forEach(child -> command(text, child.name(), child.summary()));
    }

    private static void command(StringBuilder text, String name, String summary) {
        text.append("\n  ")
                .append(name)
                .repeat(' ', Math.max(0, LEAST_NAME_WIDTH - name.length()) + 1)
                .append(summary);
    }

    private static void flags(
            StringBuilder text, Command command, String title, Predicate<Flag<?>> which) {
        List<Flag<?>> shown =
                command.flags().all().stream()
                        .filter(which)
                        .filter(flag -> !command.isHidden(flag))
                        .sorted(Comparator.comparing(Flag::name))
                        .toList();
        if (shown.isEmpty()) {
            return;
        }
        text.append("\n\n").append(title).append(':');
        int width = shown.stream().mapToInt(flag -> left(command, flag).length()).max().orElse(0);
        for (Flag<?> flag : shown) {
            String left = left(command, flag);
            text.append('\n')
                    .append(left)
                    .repeat(' ', width - left.length() + 3)
                    .append(flag.usage())
                    .append(initial(flag));
        }
    }

    private static String left(Command command, Flag<?> flag) {
        Character letter = command.flags().shorthandOf(flag);
        String left = (letter == null ? "      --" : "  -" + letter + ", --") + flag.name();
        return flag.type().equals("bool") ? left : left + " " + flag.type();
    }

    private static String initial(Flag<?> flag) {
        Object value = flag.defaultValue();
        if (value.equals("") || value.equals(false) || value.equals(0L) || value.equals(0)) {
            return "";
        }
        return " (default " + (value instanceof String ? "\"" + value + "\"" : value) + ")";
    }
}
