package io.jarnetes.controllermanager.job;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The text of a Job's {@code status.completedIndexes}: {@code 0-2,5}. */
final class CompletedIndexes {

    private CompletedIndexes() {}

    static SortedSet<Integer> parse(String text) {
        SortedSet<Integer> indexes = new TreeSet<>();
        for (String range : text.split(",")) {
            String[] ends = range.split("-");
            if (!ends[0].isEmpty()) {
                int last = Integer.parseInt(ends[ends.length - 1]);
                for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
                    indexes.add(i);
                }
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
