package io.jarnetes.etcd.server.mixed;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.server.EtcdMain;
import io.jarnetes.etcd.server.EtcdProgram;
import io.jarnetes.etcd.server.EtcdRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Our etcd: the program itself with its flags, on a thread of this process, or as a process of its
 * own where it is to be killed.
 */
final class JavaMember implements Running {
    private static final long STOP_SECONDS = 20;

    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final Thread thread;
    private final Path log;
    private volatile int status = -1;

    private JavaMember(EtcdRuntime runtime, List<String> flags, Path log) {
        this.log = log;
        this.thread =
                Thread.ofPlatform()
                        .name("member-" + log.getFileName())
                        .daemon()
                        .unstarted(() -> run(runtime, flags));
    }

    static Running start(EtcdRuntime runtime, List<String> flags, Path log) {
        JavaMember member = new JavaMember(runtime, flags, log);
        member.thread.start();
        return member;
    }

    /** The program in a process, from the class path of the tests. */
    static Running startProcess(List<String> flags, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx256m"));
        command.addAll(List.of("-cp", classPath(), EtcdMain.class.getName()));
        command.addAll(flags);
        return ProcessMember.start(command, log);
    }

    /** Surefire hides the class path in a jar's manifest, and says it in a property. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private void run(EtcdRuntime runtime, List<String> flags) {
        try (PrintStream out =
                new PrintStream(
                        Files.newOutputStream(
                                log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        true,
                        StandardCharsets.UTF_8)) {
            try {
                status =
                        new EtcdProgram(runtime)
                                .run(new Invocation(flags, Map.of(), out, out, stop));
            } catch (Exception | Error e) {
                e.printStackTrace(out);
            }
        } catch (IOException e) {
            throw new IllegalStateException(log + " can't be written", e);
        }
    }

    @Override
    public void stop() {
        stop.complete(null);
        awaitEnd();
    }

    @Override
    public void kill() {
        throw new UnsupportedOperationException(
                "a member within this process can't be killed: start it as a process");
    }

    @Override
    public boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public int awaitEnd() {
        try {
            if (!thread.join(java.time.Duration.ofSeconds(STOP_SECONDS))) {
                throw new AssertionError(
                        "a member did not end within " + STOP_SECONDS + " s: " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a member ends", e);
        }
        return status;
    }
}
