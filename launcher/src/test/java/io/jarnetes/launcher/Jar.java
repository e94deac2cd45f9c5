package io.jarnetes.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The program as a process of its own. */
final class Jar implements AutoCloseable {

    private static final long LIMIT_NANOS = 90_000_000_000L;
    private static final long LOOK_NANOS = 20_000_000;

    private final Process process;
    private final Path output;

    private Jar(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code jarnetes WORDS}. */
    static Jar start(Path dir, List<String> words) throws IOException {
        return start(dir, List.of(), List.of(), words);
    }

    /**
     * The same with more before it.
     *
     * @param prefix a command that runs another one
     * @param flags of the JVM
     */
    static Jar start(Path dir, List<String> prefix, List<String> flags, List<String> words)
            throws IOException {
        Path output = Files.createTempFile(dir, "jar", ".out");
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("io.jarnetes.Main");
        command.addAll(words);
        Process process =
                new ProcessBuilder(command)
                        .directory(dir.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        return new Jar(process, output);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until it has printed a text. */
    void awaitOutput(String text) throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("never printed \"" + text + "\":\n" + output());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end; the exit status. */
    int await(long seconds) throws IOException {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("still runs after " + seconds + " s:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
