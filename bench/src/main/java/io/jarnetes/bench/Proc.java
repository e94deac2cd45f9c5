package io.jarnetes.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells of a process in /proc. */
final class Proc {
    /** The kernel's USER_HZ, which is 100 wherever Linux runs Java. */
    private static final double MICROS_A_TICK = 1e6 / 100;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    private Proc() {}

    /** User and system time of all threads since the start, in microseconds. */
    static double cpuMicros(long pid) {
        String stat = read(pid, "stat");
        // The name is in parentheses and may hold anything; what follows it does not.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * MICROS_A_TICK;
    }

    /** Resident memory in MiB, mapped files included. */
    static double rssMib(long pid) {
        return read(pid, "status")
                        .lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalStateException("process " + pid + " has no VmRSS"))
                / 1024.0;
    }

    private static String read(long pid, String name) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), name));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " is not there", e);
        }
    }
}
