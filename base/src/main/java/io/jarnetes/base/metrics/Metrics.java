package io.jarnetes.base.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A registry of metrics and its text form (Prometheus exposition format 0.0.4).
 *
 * <p>A family is registered once by name; registering the same name again answers with the family
 * that is there, and fails if type or labels differ.
 */
public final class Metrics {

    /** Content type of {@link #text()}. */
    public static final String CONTENT_TYPE =
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private final Map<String, Family<?>> families = new ConcurrentSkipListMap<>();

    /** A value that only rises. */
    public static final class Counter {
        private final DoubleAdder value = new DoubleAdder();
        private volatile DoubleSupplier source = value::sum;

        public void inc() {
            value.add(1);
        }

        /**
         * @param amount not negative
         */
        public void add(double amount) {
            if (amount < 0) {
                throw new IllegalArgumentException("a counter cannot fall by " + -amount);
            }
            value.add(amount);
        }

        /** Asks the source, which never falls, at every scrape. */
        public void from(DoubleSupplier source) {
            this.source = source;
        }

        public double value() {
            return source.getAsDouble();
        }
    }

    /** A value that rises and falls. */
    public static final class Gauge {
        private final DoubleAdder value = new DoubleAdder();
        private volatile DoubleSupplier source = value::sum;

        public void inc() {
            value.add(1);
        }

        public void dec() {
            value.add(-1);
        }

        public synchronized void set(double amount) {
            value.reset();
            value.add(amount);
        }

        /** Asks the source at every scrape. */
        public void from(DoubleSupplier source) {
            this.source = source;
        }

        public double value() {
            return source.getAsDouble();
        }
    }

    /** Observations counted in buckets of rising upper bounds. */
    public static final class Histogram {
        private final double[] bounds;
        private final LongAdder[] counts;
        private final DoubleAdder sum = new DoubleAdder();

        private Histogram(double[] bounds) {
            this.bounds = bounds;
            counts = new LongAdder[bounds.length + 1];
            Arrays.setAll(counts, i -> new LongAdder());
        }

        /**
         * @param value in the base unit of the name, seconds or bytes
         */
        public void observe(double value) {
            int at = Arrays.binarySearch(bounds, value);
            counts[at >= 0 ? at : -at - 1].increment();
            sum.add(value);
        }

        /**
         * Observes the seconds since {@code startNanos}, a reading of {@link System#nanoTime()}.
         */
        public void observeSince(long startNanos) {
            observe((System.nanoTime() - startNanos) / 1e9);
        }

        public long count() {
            return Arrays.stream(counts).mapToLong(LongAdder::sum).sum();
        }
    }

    /** All series of one name, told apart by the values of its labels. */
    public static final class Family<S> {
        private final String name;
        private final String help;
        private final String type;
        private final List<String> labels;
        private final Supplier<S> maker;
        private final Map<List<String>, S> series = new ConcurrentHashMap<>();

        private Family(
                String name, String help, String type, List<String> labels, Supplier<S> maker) {
            this.name = name;
            this.help = help;
            this.type = type;
            this.labels = labels;
            this.maker = maker;
        }

        /** The series with these label values, made at first sight. */
        public S with(String... values) {
            if (values.length != labels.size()) {
                throw new IllegalArgumentException(
                        name + " has labels " + labels + ", not " + values.length + " values");
            }
            return series.computeIfAbsent(List.of(values), key -> maker.get());
        }

        /** Forgets a series. */
        public void remove(String... values) {
            series.remove(List.of(values));
        }
    }

    /** A family of counters. */
    public Family<Counter> counters(String name, String help, String... labels) {
        return family(name, help, "counter", labels, Counter::new);
    }

    /** A family of gauges. */
    public Family<Gauge> gauges(String name, String help, String... labels) {
        return family(name, help, "gauge", labels, Gauge::new);
    }

    /**
     * A family of histograms.
     *
     * @param bounds rising upper bounds, without the infinite one
     */
    public Family<Histogram> histograms(
            String name, String help, double[] bounds, String... labels) {
        double[] copy = bounds.clone();
        return family(name, help, "histogram", labels, () -> new Histogram(copy));
    }

    public Counter counter(String name, String help) {
        return counters(name, help).with();
    }

    public Gauge gauge(String name, String help) {
        return gauges(name, help).with();
    }

    public Histogram histogram(String name, String help, double... bounds) {
        return histograms(name, help, bounds).with();
    }

    /**
     * Bounds {@code start, start*factor, ...}, {@code count} of them, as Go's client makes them.
     */
    public static double[] exponential(double start, double factor, int count) {
        double[] bounds = new double[count];
        double bound = start;
        for (int i = 0; i < count; i++) {
            bounds[i] = bound;
            bound *= factor;
        }
        return bounds;
    }

    @SuppressWarnings("unchecked")
    private <S> Family<S> family(
            String name, String help, String type, String[] labels, Supplier<S> maker) {
        List<String> names = List.of(labels);
        Family<?> family =
                families.computeIfAbsent(name, key -> new Family<>(name, help, type, names, maker));
        if (!family.type.equals(type) || !family.labels.equals(names)) {
            throw new IllegalArgumentException(
                    name + " is a " + family.type + " with labels " + family.labels + " already");
        }
        return (Family<S>) family;
    }

    /** Everything registered, sorted by name, in the text format. */
    public String text() {
        StringBuilder out = new StringBuilder(16_384);
        for (Family<?> family : families.values()) {
            if (family.series.isEmpty()) {
                continue;
            }
            out.append("# HELP ").append(family.name).append(' ').append(family.help).append('\n');
            out.append("# TYPE ").append(family.name).append(' ').append(family.type).append('\n');
            Map<String, Object> sorted = new TreeMap<>();
            family.series.forEach((values, s) -> sorted.put(pairs(family.labels, values), s));
            sorted.forEach((pairs, s) -> write(out, family.name, pairs, s));
        }
        return out.toString();
    }

    private static void write(StringBuilder out, String name, String pairs, Object series) {
        switch (series) {
            case Counter counter -> line(out, name, pairs, counter.value());
            case Gauge gauge -> line(out, name, pairs, gauge.value());
            case Histogram histogram -> write(out, name, pairs, histogram);
            default -> throw new IllegalStateException("unknown series " + series);
        }
    }

    private static void write(StringBuilder out, String name, String pairs, Histogram histogram) {
        long count = 0;
        String before = pairs.isEmpty() ? "" : pairs + ",";
        for (int i = 0; i <= histogram.bounds.length; i++) {
            count += histogram.counts[i].sum();
            String bound = i < histogram.bounds.length ? GoFloat.text(histogram.bounds[i]) : "+Inf";
            line(out, name + "_bucket", before + "le=\"" + bound + "\"", count);
        }
        line(out, name + "_sum", pairs, histogram.sum.sum());
        line(out, name + "_count", pairs, count);
    }

    private static void line(StringBuilder out, String name, String pairs, double value) {
        out.append(name);
        if (!pairs.isEmpty()) {
            out.append('{').append(pairs).append('}');
        }
        out.append(' ').append(GoFloat.text(value)).append('\n');
    }

    private static String pairs(List<String> labels, List<String> values) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            String value =
                    values.get(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            pairs.add(labels.get(i) + "=\"" + value + "\"");
        }
        return String.join(",", pairs);
    }
}
