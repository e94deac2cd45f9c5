package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The code blocks of docs/MISSING.md. */
final class MissingList {

    private static final String FENCE = "```";

    private MissingList() {}

    /**
     * The lines of the blocks of one kind.
     *
     * @param kind what stands behind the opening fence; empty for command lines
     */
    static List<String> lines(String kind) throws IOException {
        List<String> lines = new ArrayList<>();
        String open = null;
        for (String line : Files.readAllLines(Path.of("..", "docs", "MISSING.md"))) {
            if (line.startsWith(FENCE)) {
                open = open == null ? line.substring(FENCE.length()) : null;
            } else if (kind.equals(open)) {
                lines.add(line);
            }
        }
        assertThat(lines)
                .as("blocks of kind \"" + kind + "\"")
                .isNotEmpty()
                .doesNotHaveDuplicates();
        return lines;
    }
}
