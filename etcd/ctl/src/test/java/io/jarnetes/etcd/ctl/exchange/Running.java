package io.jarnetes.etcd.ctl.exchange;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.server.EtcdProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that was started, in a process of its own or in this one. */
sealed interface Running {
    /** The exit status; empty while it runs. */
    OptionalInt exitStatus();

    /** Asks it to stop. */
    void stop();

    /** Ends it at once, whatever it does. */
    void kill();

    /** Waits for its end; whether it came in time. */
    boolean await(long seconds) throws InterruptedException;

    /** A process, its output appended to {@code log}. */
    static Running process(List<String> command, Path log) {
        try {
            return new OfProcess(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Our program on a thread of this process, which starts in no time. */
    static Running here(List<String> args, Path log) {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("etcd")
                .start(() -> {
                    try (PrintStream out =
                            new PrintStream(
                                    Files.newOutputStream(log, StandardOpenOption.APPEND),
                                    true,
                                    StandardCharsets.UTF_8)) {
                        Invocation invocation = new Invocation(args, Map.of(), out, out, stop);
                        status.complete(new EtcdProgram().run(invocation));
                    } catch (Exception | Error e) {
                        status.completeExceptionally(e);
                    }
                });
        return new Here(stop, status);
    }

    /** A process. */
    record OfProcess(Process process) implements Running {
        @Override
        public OptionalInt exitStatus() {
            return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
        }

        @Override
        public void stop() {
            process.destroy();
        }

        @Override
        public void kill() {
            process.destroyForcibly();
        }

        @Override
        public boolean await(long seconds) throws InterruptedException {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        }
    }

    /** A thread. */
    record Here(CompletableFuture<Void> stopped, CompletableFuture<Integer> status)
            implements Running {
        @Override
        public OptionalInt exitStatus() {
            return status.isDone() ? OptionalInt.of(status.join()) : OptionalInt.empty();
        }

        @Override
        public void stop() {
            stopped.complete(null);
        }

        @Override
        public void kill() {
            // Only a process can be killed; tests that end a server so start one.
            stop();
        }

        @Override
        public boolean await(long seconds) throws InterruptedException {
            try {
                status.get(seconds, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException _) {
                return false;
            } catch (ExecutionException e) {
                throw new AssertionError("our etcd threw", e.getCause());
            }
        }
    }
}
