package io.jarnetes.launcher;

import io.jarnetes.base.HeapKeeper;
import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.log.JavaLogs;
import io.jarnetes.base.tls.TlsException;
import io.jarnetes.pki.PkiException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import sun.misc.Signal;

/**
 * Calls a program by name: {@code jarnetes etcd --name m1} runs etcd with its own flags. SIGTERM
 * and SIGINT ask it to stop in order.
 */
public final class Launcher {

    private Launcher() {}

    /** Runs the program that the first word names and exits with its status. */
    public static void main(String[] args) {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        for (String name : List.of("TERM", "INT")) {
            Signal.handle(new Signal(name), signal -> stop.complete(null));
        }
        HeapKeeper.start();
        nameMachine();
        JavaLogs.install();
        List<String> words = List.of(args);
        int status = run(words, System.getenv(), stop);
        System.out.flush();
        System.err.flush();
        // Threads of libraries that are no daemons don't hold the process.
        Runtime.getRuntime().halt(status);
    }

    /**
     * Channels' IDs begin with the machine's hardware address. Netty would look for one, and
     * complain where there is none, as on a machine without a network.
     */
    private static void nameMachine() {
        long random = new SplittableRandom().nextLong();
        String bytes =
                HexFormat.ofDelimiter(":")
                        .formatHex(ByteBuffer.allocate(Long.BYTES).putLong(random).array());
        System.setProperty("io.netty.machineId", System.getProperty("io.netty.machineId", bytes));
    }

    private static int run(
            List<String> words, Map<String, String> env, CompletableFuture<Void> stop) {
        String name = words.isEmpty() ? "--help" : words.get(0);
        Map<String, Supplier<Program>> programs = Programs.all();
        Supplier<Program> program = programs.get(name);
        if (program == null) {
            System.err.printf(
                    "jarnetes: unknown command \"%s\"; `jarnetes --help` lists them%n", name);
            return 1;
        }
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        try {
            return program.get().run(new Invocation(rest, env, System.out, System.err, stop));
        } catch (UserException | PkiException | TlsException e) {
            System.err.println(name + ": " + e.getMessage());
            return 1;
        } catch (Exception e) {
            System.err.println(name + ": " + Sentence.of(e));
            return 1;
        }
    }
}
