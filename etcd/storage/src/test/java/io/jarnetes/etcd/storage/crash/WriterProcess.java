package io.jarnetes.etcd.storage.crash;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Starts {@link Writer}s and kills them. Its classes go into one jar with an AOT cache, so that a
 * start takes a fraction of a second and hundreds of kills fit into a minute or two.
 */
final class WriterProcess {
    private static final int KILLED = 128 + 9;
    private static final long TRAINING_BATCHES = 300;
    private static final long LONGEST_TRAINING_SECONDS = 60;
    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx96m",
                    "--enable-native-access=ALL-UNNAMED");

    private final Path aot;
    private final String classPath;

    private WriterProcess(Path aot, String classPath) {
        this.aot = aot;
        this.classPath = classPath;
    }

    /**
     * What a writer said before it died.
     *
     * @param logged the last entry that it said is in the log; 0 when it came to say none
     * @param committed the entry that it said the database holds
     */
    record LastWords(long logged, long committed) {}

    /** Makes the jar and trains the cache with a short life. */
    static WriterProcess prepare(Path folder) throws IOException, InterruptedException {
        List<String> parts = new ArrayList<>();
        Path own = folder.resolve("classes.jar");
        parts.add(own.toString());
        TreeSet<String> seen = new TreeSet<>();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(own))) {
            for (String part : classPath().split(File.pathSeparator)) {
                // The cache takes jars alone.
                if (Files.isDirectory(Path.of(part))) {
                    add(jar, Path.of(part), seen);
                } else if (part.endsWith(".jar")) {
                    parts.add(part);
                }
            }
        }
        WriterProcess made =
                new WriterProcess(
                        folder.resolve("writer.aot"), String.join(File.pathSeparator, parts));
        made.train(folder.resolve("training"));
        return made;
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static void add(JarOutputStream jar, Path root, TreeSet<String> seen)
            throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = root.relativize(file).toString().replace(File.separatorChar, '/');
                if (seen.add(name)) {
                    jar.putNextEntry(new JarEntry(name));
                    Files.copy(file, jar);
                    jar.closeEntry();
                }
            }
        }
    }

    private void train(Path data) throws IOException, InterruptedException {
        Path words = data.resolveSibling("training.txt");
        Process process =
                builder(data, TRAINING_BATCHES, "-XX:AOTCacheOutput=" + aot)
                        .redirectErrorStream(true)
                        .redirectOutput(words.toFile())
                        .start();
        if (!process.waitFor(LONGEST_TRAINING_SECONDS, TimeUnit.SECONDS)
                || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(
                    "a writer that nobody killed did not end well: " + Files.readString(words));
        }
    }

    private ProcessBuilder builder(Path data, long batches, String cacheFlag) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add(cacheFlag);
        command.add("-Xlog:disable");
        command.addAll(List.of("-cp", classPath, Writer.class.getName()));
        command.addAll(List.of(data.toString(), Long.toString(batches)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /**
     * Lets a writer live for a while, then kills it as {@code kill -9} does.
     *
     * @param lifeNanos how long
     * @param fromBirth whether its life counts from its start, so that it may die while it recovers
     *     from its last death; else from its first word
     */
    LastWords liveAndDie(Path data, long lifeNanos, boolean fromBirth)
            throws IOException, InterruptedException {
        Process process = builder(data, Long.MAX_VALUE, "-XX:AOTCache=" + aot).start();
        try (BufferedReader lines = process.inputReader()) {
            Killer killer = new Killer(process, lifeNanos);
            if (fromBirth) {
                killer.start();
            }
            long logged = 0;
            long committed = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long index = Long.parseLong(line.substring(2));
                if (line.startsWith("w")) {
                    logged = Math.max(logged, index);
                } else {
                    committed = Math.max(committed, index);
                }
                killer.start();
            }
            process.waitFor();
            if (process.exitValue() != KILLED) {
                throw new AssertionError(
                        "the writer was not killed but ended with " + process.exitValue());
            }
            return new LastWords(logged, committed);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Kills once; not by {@link Process}, which would close the stream that is being read. */
    private static final class Killer {
        private final Process process;
        private final long afterNanos;
        private boolean started;

        Killer(Process process, long afterNanos) {
            this.process = process;
            this.afterNanos = afterNanos;
        }

        void start() {
            if (!started) {
                started = true;
                Thread.ofVirtual()
                        .start(() -> {
                            LockSupport.parkNanos(afterNanos);
                            process.toHandle().destroyForcibly();
                        });
            }
        }
    }
}
