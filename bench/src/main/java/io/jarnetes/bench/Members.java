package io.jarnetes.bench;

import io.jarnetes.base.HeapKeeper;
import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.server.EtcdProgram;
import io.jarnetes.etcd.server.EtcdRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Members of etcd in one JVM, as {@code up} runs them: {@code :: FLAGS of one :: FLAGS of another}.
 */
final class Members {
    static final String SEPARATOR = "::";
    private static final int LOOP_THREADS = 2;

    private Members() {}

    public static void main(String[] args) throws InterruptedException {
        HeapKeeper.start();
        EtcdRuntime runtime = EtcdRuntime.create(LOOP_THREADS);
        CompletableFuture<Void> stop = new CompletableFuture<>();
        List<Thread> threads = new ArrayList<>();
        for (List<String> words : split(Arrays.asList(args))) {
            threads.add(
                    Thread.ofPlatform().start(() -> run(new EtcdProgram(runtime), words, stop)));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.complete(null)));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** The words after each separator. */
    static List<List<String>> split(List<String> words) {
        List<List<String>> parts = new ArrayList<>();
        for (String word : words) {
            if (word.equals(SEPARATOR)) {
                parts.add(new ArrayList<>());
            } else {
                parts.getLast().add(word);
            }
        }
        return parts;
    }

    private static void run(EtcdProgram program, List<String> words, CompletableFuture<Void> stop) {
        try {
            int status = program.run(new Invocation(words, Map.of(), System.out, System.err, stop));
            if (status != 0) {
                Runtime.getRuntime().halt(status);
            }
        } catch (Exception e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }
}
