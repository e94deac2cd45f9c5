package io.jarnetes.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code AREA TARGETS OUT CACHE [PARTS] :: OUR COMMAND :: THEIR COMMAND :: OUR COMMAND FOR MANY
 * MEMBERS}. Writes the table to OUT and to standard output; exit status 1 when a figure misses its
 * must. What takes long to make stays in CACHE.
 */
final class Main {
    private static final int LOOPS = 2;
    static final String THEIRS = "etcd 3.5.30";

    private Main() {}

    public static void main(String[] args) throws Exception {
        // A thread that fails would leave others waiting.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(2);
        });
        List<List<String>> parts = new ArrayList<>(List.of(new ArrayList<>()));
        for (String arg : args) {
            if (arg.equals(Members.SEPARATOR)) {
                parts.add(new ArrayList<>());
            } else {
                parts.getLast().add(arg);
            }
        }
        List<String> words = parts.getFirst();
        if (parts.size() != 4 || words.size() < 4) {
            throw new IllegalArgumentException(
                    "to be called by hack/bench: " + Arrays.toString(args));
        }
        Figures figures = new Figures(Path.of(words.get(1)));
        List<String> chosen = words.subList(4, words.size());
        Path work = Files.createTempDirectory("jarnetes-bench");
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(
                        LOOPS, new DefaultThreadFactory("load", true), EpollIoHandler.newFactory());
        // Also after Ctrl-C: no server and no db is left behind.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            ProcessHandle.current()
                                    .descendants()
                                    .forEach(process -> {
                                        process.destroyForcibly();
                                        process.onExit().join();
                                    });
                            delete(work);
                        }));
        Make ours = new Make("Jarnetes", parts.get(1));
        Make theirs = new Make(THEIRS, parts.get(2));
        Make together = new Make("Jarnetes, one JVM", parts.get(3));
        switch (words.getFirst()) {
            case "cluster" ->
                    new ClusterBench(figures, work, loops, ours, theirs, together).run(chosen);
            case "storage" -> {
                Path cache = Path.of(words.get(3));
                new StorageBench(figures, work, cache, loops, ours, theirs).run(chosen);
            }
            default -> throw new IllegalArgumentException("no area " + words.getFirst());
        }
        String table = figures.table(THEIRS);
        System.out.print(table);
        Files.writeString(Path.of(words.get(2)), table);
        List<String> missed = figures.missed();
        missed.forEach(name -> System.out.println("MISSED: " + name));
        System.exit(missed.isEmpty() ? 0 : 1);
    }

    /** Deletes a folder with all in it. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
