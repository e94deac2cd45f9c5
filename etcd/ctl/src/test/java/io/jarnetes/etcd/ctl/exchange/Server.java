package io.jarnetes.etcd.ctl.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server's process at a place. */
final class Server implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Make make;
    private final Place place;
    private final Process process;

    private Server(Make make, Place place, Process process) {
        this.make = make;
        this.place = place;
        this.process = process;
    }

    /** Starts one without waiting for it. */
    static Server launch(Make make, Place place, String... more) {
        List<String> command = new ArrayList<>(make.command());
        command.addAll(place.flags());
        command.addAll(List.of(more));
        try {
            Files.createDirectories(place.data().getParent());
            Files.writeString(
                    place.log(),
                    "-- " + make + "\n",
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
                            .start();
            return new Server(make, place, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one and waits until it serves reads that a quorum confirmed. */
    static Server start(Make make, Place place, String... more) {
        Server server = launch(make, place, more);
        server.awaitServing();
        return server;
    }

    void awaitServing() {
        try (Hand hand = hand()) {
            until("it to serve", hand::serves);
        }
    }

    /** Waits for a condition while the process lives. */
    void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                String state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
                close();
                throw new AssertionError(
                        make + " " + state + ", waited for " + what + ":\n" + lastLog());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    Hand hand() {
        return new Hand(place.clientPort());
    }

    boolean alive() {
        return process.isAlive();
    }

    int exitStatus() {
        return process.exitValue();
    }

    /** All that was logged at this place since {@code marker} was logged last. */
    String log() {
        try {
            String all = new String(Files.readAllBytes(place.log()), UTF_8);
            return all.substring(all.lastIndexOf("-- " + make));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String lastLog() {
        String log = log();
        return log.substring(Math.max(0, log.length() - 6000));
    }

    /** Waits until the process has ended by itself. */
    void awaitEnd() {
        await("to end");
    }

    /** Ends it in order, or not at all in order. */
    void end(boolean kill) {
        if (kill) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        await("to stop");
    }

    private void await(String what) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                close();
                throw new AssertionError(make + ": waited in vain for it " + what + lastLog());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
            await("to be killed");
        }
    }
}
