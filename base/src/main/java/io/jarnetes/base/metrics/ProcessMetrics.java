package io.jarnetes.base.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code process_*} gauges that Go's client registers, read from {@code /proc}. */
public final class ProcessMetrics {

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern VIRTUAL = Pattern.compile("VmSize:\\s+(\\d+) kB");
    private static final long BYTES_PER_KB = 1024;

    private ProcessMetrics() {}

    /** Registers them; a value that the system doesn't tell is NaN. */
    public static void register(Metrics metrics) {
        metrics.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
                .from(() -> status(RSS));
        metrics.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")
                .from(() -> status(VIRTUAL));
        metrics.gauge(
                        "process_start_time_seconds",
                        "Start time of the process since unix epoch in seconds.")
                .from(() -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
        metrics.gauge("process_open_fds", "Number of open file descriptors.")
                .from(ProcessMetrics::openFiles);
        metrics.gauge("process_max_fds", "Maximum number of open file descriptors.")
                .from(() -> system(UnixOperatingSystemMXBean::getMaxFileDescriptorCount));
        metrics.counter(
                        "process_cpu_seconds_total",
                        "Total user and system CPU time spent in seconds.")
                .from(() -> system(UnixOperatingSystemMXBean::getProcessCpuTime) / 1e9);
    }

    private static double system(ToDoubleFunction<UnixOperatingSystemMXBean> value) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? value.applyAsDouble(os)
                : Double.NaN;
    }

    private static double status(Pattern line) {
        try {
            Matcher found = line.matcher(Files.readString(Path.of("/proc/self/status")));
            return found.find() ? Long.parseLong(found.group(1)) * BYTES_PER_KB : Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double openFiles() {
        String[] names = Path.of("/proc/self/fd").toFile().list();
        return names == null ? Double.NaN : names.length;
    }
}
