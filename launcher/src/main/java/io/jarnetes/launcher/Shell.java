package io.jarnetes.launcher;

import java.util.List;
import java.util.stream.Collectors;

/** Words for a POSIX shell. */
final class Shell {

    private Shell() {}

    /** A word as it is where no character is special, else in single quotes. */
    static String quoted(String word) {
        if (word.matches("[A-Za-z0-9_./:=,@%+-]+")) {
            return word;
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    static String line(List<String> words) {
        return words.stream().map(Shell::quoted).collect(Collectors.joining(" "));
    }
}
