package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One program on a thread of its own, its output in a log file. */
final class Component {

    private final CommandLines.Line line;
    private final Path log;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    private Component(CommandLines.Line line, Path log) {
        this.line = line;
        this.log = log;
    }

    /** Starts a program; its log is {@code <component>.log} in {@code logs}. */
    static Component start(CommandLines.Line line, Program program, Path logs) {
        Component component = new Component(line, logs.resolve(line.component() + ".log"));
        PrintStream out;
        try {
            out =
                    new PrintStream(
                            new BufferedOutputStream(
                                    Files.newOutputStream(
                                            component.log,
                                            StandardOpenOption.CREATE,
                                            StandardOpenOption.APPEND)),
                            true,
                            StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("a log can't be written: " + Sentence.of(e), e);
        }
        Thread.ofPlatform()
                .name(line.component())
                .daemon()
                .start(() -> component.run(program, out));
        return component;
    }

    private void run(Program program, PrintStream out) {
        try (out) {
            Invocation invocation = new Invocation(line.args(), Map.of(), out, out, stop);
            ended.complete(program.run(invocation));
        } catch (Throwable e) {
            // Whatever ends a component is the whole control plane's matter.
            ended.completeExceptionally(e);
        }
    }

    String name() {
        return line.component();
    }

    /** Completes with the exit status, or with what the program threw. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /** Why it ended, in one sentence, with the last line of its log. */
    String obituary() {
        String why;
        try {
            why = "exit status " + ended.getNow(0);
        } catch (java.util.concurrent.CompletionException e) {
            why = Sentence.of(e.getCause() == null ? e : e.getCause());
        }
        String last = LastWords.of(log);
        return "%s ended (%s)%s; its log is %s"
                .formatted(name(), why, last.isEmpty() ? "" : ": " + last, log);
    }

    /** Asks it to stop. */
    void stop() {
        stop.complete(null);
    }

    /** Waits until it has ended. */
    boolean await(Duration limit) {
        try {
            ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
