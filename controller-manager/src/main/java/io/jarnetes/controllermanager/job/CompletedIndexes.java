package io.jarnetes.controllermanager.job;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a Job's {@code status.completedIndexes}: {@code 0-2,5}. */
final class CompletedIndexes {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    private CompletedIndexes() {}

    /**
     * @param completions indexes from here on are left out: the Job was made smaller
     */
    static SortedSet<Integer> parse(String text, int completions) {
        SortedSet<Integer> indexes = new TreeSet<>();
        for (String range : text.split(",")) {
            Matcher parts = RANGE.matcher(range);
            if (!parts.matches()) {
                // Written by somebody else; what can be read counts.
                continue;
            }
            int first = Integer.parseInt(parts.group(1));
            String end = parts.group(2);
            int last = end == null ? first : Integer.parseInt(end);
            for (int i = first; i <= last && i < completions; i++) {
                indexes.add(i);
            }
        }
        return indexes;
    }

    static String text(Set<Integer> sorted) {
        StringBuilder text = new StringBuilder();
        int start = -2;
        int last = -2;
        for (int index : sorted) {
            if (index != last + 1) {
                close(text, start, last);
                start = index;
            }
            last = index;
        }
        close(text, start, last);
        return text.toString();
    }

    private static void close(StringBuilder text, int start, int last) {
        if (start < 0) {
            return;
        }
        text.append(text.isEmpty() ? "" : ",").append(start);
        if (last > start) {
            text.append(last == start + 1 ? "," : "-").append(last);
        }
    }
}
