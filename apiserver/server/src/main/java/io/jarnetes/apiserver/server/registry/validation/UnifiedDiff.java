package io.jarnetes.apiserver.server.registry.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What differs between two texts, line by line, as Python's difflib and its port to Go find it: the
 * longest run that both have, and so on to its left and right. Lines that are all over a long text
 * start no run.
 */
final class UnifiedDiff {

    private static final int CONTEXT = 3;

    /** From this length on a line counts as popular that is more than a hundredth of the text. */
    private static final int LONG_TEXT = 200;

    /** Lines {@code [fromA, toA)} of the old text have become {@code [fromB, toB)}. */
    private record Step(boolean same, int fromA, int toA, int fromB, int toB) {}

    private record Run(int a, int b, int size) {}

    private final List<String> a;
    private final List<String> b;
    private final Map<String, List<Integer>> places = new HashMap<>();

    private UnifiedDiff(List<String> a, List<String> b) {
        this.a = a;
        this.b = b;
        for (int i = 0; i < b.size(); i++) {
            places.computeIfAbsent(b.get(i), line -> new ArrayList<>()).add(i);
        }
        int most = b.size() / 100 + 1;
        if (b.size() >= LONG_TEXT) {
            places.values().removeIf(each -> each.size() > most);
        }
    }

    /** Hunks with three lines around each change; every line ends. */
    static String of(List<String> a, List<String> b) {
        UnifiedDiff diff = new UnifiedDiff(a, b);
        StringBuilder text = new StringBuilder();
        diff.groups(diff.steps()).forEach(group -> diff.print(group, text));
        return text.toString();
    }

    private Run longest(int fromA, int toA, int fromB, int toB) {
        int bestA = fromA;
        int bestB = fromB;
        int size = 0;
        Map<Integer, Integer> before = new HashMap<>();
        for (int i = fromA; i < toA; i++) {
            Map<Integer, Integer> now = new HashMap<>();
            for (int j : places.getOrDefault(a.get(i), List.of())) {
                if (j < fromB) {
                    continue;
                }
                if (j >= toB) {
                    break;
                }
                int run = before.getOrDefault(j - 1, 0) + 1;
                now.put(j, run);
                if (run > size) {
                    bestA = i - run + 1;
                    bestB = j - run + 1;
                    size = run;
                }
            }
            before = now;
        }
        while (bestA > fromA && bestB > fromB && a.get(bestA - 1).equals(b.get(bestB - 1))) {
            bestA--;
            bestB--;
            size++;
        }
        while (bestA + size < toA
                && bestB + size < toB
                && a.get(bestA + size).equals(b.get(bestB + size))) {
            size++;
        }
        return new Run(bestA, bestB, size);
    }

    private void runs(int fromA, int toA, int fromB, int toB, List<Run> runs) {
        Run run = longest(fromA, toA, fromB, toB);
        if (run.size == 0) {
            return;
        }
        if (fromA < run.a && fromB < run.b) {
            runs(fromA, run.a, fromB, run.b, runs);
        }
        runs.add(run);
        if (run.a + run.size < toA && run.b + run.size < toB) {
            runs(run.a + run.size, toA, run.b + run.size, toB, runs);
        }
    }

    private List<Step> steps() {
        List<Run> runs = new ArrayList<>();
        runs(0, a.size(), 0, b.size(), runs);
        runs.add(new Run(a.size(), b.size(), 0));
        List<Step> steps = new ArrayList<>();
        int i = 0;
        int j = 0;
        for (Run run : joined(runs)) {
            if (i < run.a || j < run.b) {
                steps.add(new Step(false, i, run.a, j, run.b));
            }
            i = run.a + run.size;
            j = run.b + run.size;
            if (run.size > 0) {
                steps.add(new Step(true, run.a, i, run.b, j));
            }
        }
        return steps;
    }

    /** Runs that touch are one. */
    private static List<Run> joined(List<Run> runs) {
        List<Run> joined = new ArrayList<>();
        for (Run run : runs) {
            Run last = joined.isEmpty() ? null : joined.getLast();
            if (last != null
                    && run.size > 0
                    && last.a + last.size == run.a
                    && last.b + last.size == run.b) {
                joined.set(joined.size() - 1, new Run(last.a, last.b, last.size + run.size));
            } else {
                joined.add(run);
            }
        }
        return joined;
    }

    private List<List<Step>> groups(List<Step> steps) {
        List<List<Step>> groups = new ArrayList<>();
        List<Step> group = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            boolean first = i == 0;
            boolean last = i == steps.size() - 1;
            if (!step.same) {
                group.add(step);
            } else if (first || last) {
                group.add(first ? tail(step) : head(step));
            } else if (step.toA - step.fromA > 2 * CONTEXT) {
                group.add(head(step));
                groups.add(group);
                group = new ArrayList<>(List.of(tail(step)));
            } else {
                group.add(step);
            }
        }
        groups.add(group);
        groups.removeIf(each -> each.stream().allMatch(Step::same));
        return groups;
    }

    private static Step head(Step step) {
        int lines = Math.min(CONTEXT, step.toA - step.fromA);
        return new Step(true, step.fromA, step.fromA + lines, step.fromB, step.fromB + lines);
    }

    private static Step tail(Step step) {
        int lines = Math.min(CONTEXT, step.toA - step.fromA);
        return new Step(true, step.toA - lines, step.toA, step.toB - lines, step.toB);
    }

    private void print(List<Step> group, StringBuilder text) {
        Step first = group.getFirst();
        Step last = group.getLast();
        text.append("@@ -")
                .append(range(first.fromA, last.toA))
                .append(" +")
                .append(range(first.fromB, last.toB))
                .append(" @@\n");
        for (Step step : group) {
            if (step.same) {
                lines(' ', a.subList(step.fromA, step.toA), text);
            } else {
                lines('-', a.subList(step.fromA, step.toA), text);
                lines('+', b.subList(step.fromB, step.toB), text);
            }
        }
    }

    private static void lines(char mark, List<String> lines, StringBuilder text) {
        lines.forEach(line -> text.append(mark).append(line).append('\n'));
    }

    private static String range(int from, int to) {
        int length = to - from;
        if (length == 1) {
            return Integer.toString(from + 1);
        }
        return (length == 0 ? from : from + 1) + "," + length;
    }
}
