package io.jarnetes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, by name: medians of both makes and their ratio, or a figure of ours alone;
 * judged by bench/targets.tsv.
 */
final class Figures {
    /** The values of the rounds. */
    private static final class Row {
        private final String unit;
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> theirs = new ArrayList<>();

        Row(String unit) {
            this.unit = unit;
        }

        double value() {
            return theirs.isEmpty() ? median(ours) : median(ours) / median(theirs);
        }
    }

    /** A line of targets.tsv. */
    private record Target(double must, double aim, boolean more) {
        String verdict(double value) {
            if (more ? value < must : value > must) {
                return "MISSED";
            }
            return (more ? value < aim : value > aim) ? "must held" : "aim held";
        }

        String text(double number) {
            return (more ? "≥ " : "≤ ") + Figures.text(number);
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Target> targets = new LinkedHashMap<>();

    Figures(Path targetsFile) throws IOException {
        for (String line : Files.readAllLines(targetsFile)) {
            String[] columns = line.split("\t");
            if (columns.length == 4 && !columns[0].equals("figure")) {
                targets.put(
                        columns[0],
                        new Target(
                                Double.parseDouble(columns[1]),
                                Double.parseDouble(columns[2]),
                                columns[3].equals("more")));
            }
        }
    }

    /** Notes a value of one make in one round. */
    void add(String name, String unit, boolean ours, double value) {
        Row row = rows.computeIfAbsent(name, n -> new Row(unit));
        (ours ? row.ours : row.theirs).add(value);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String text(double value) {
        String format = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    /** A Markdown table. */
    String table(String theirName) {
        StringBuilder table =
                new StringBuilder(
                        "| figure | Jarnetes | "
                                + theirName
                                + " | ratio | must | aim | |\n|---|---|---|---|---|---|---|\n");
        rows.forEach((name, row) -> {
            @Nullable Target target = targets.get(name);
            boolean alone = row.theirs.isEmpty();
            List<String> cells =
                    Arrays.asList(
                            name + " (" + row.unit + ")",
                            text(median(row.ours)),
                            alone ? "" : text(median(row.theirs)),
                            alone ? "" : text(row.value()),
                            target == null ? "" : target.text(target.must),
                            target == null ? "" : target.text(target.aim),
                            target == null ? "" : target.verdict(row.value()));
            table.append("| ").append(String.join(" | ", cells)).append(" |\n");
        });
        return table.toString();
    }

    /** Those that miss their must. */
    List<String> missed() {
        List<String> missed = new ArrayList<>();
        rows.forEach((name, row) -> {
            Target target = targets.get(name);
            if (target != null && target.verdict(row.value()).equals("MISSED")) {
                missed.add(name);
            }
        });
        return missed;
    }
}
