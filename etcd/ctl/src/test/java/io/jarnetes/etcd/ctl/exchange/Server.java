package io.jarnetes.etcd.ctl.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server at a place. */
final class Server implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Make make;
    private final Place place;
    private final Running running;

    private Server(Make make, Place place, Running running) {
        this.make = make;
        this.place = place;
        this.running = running;
    }

    /** Starts one without waiting for it. */
    static Server launch(Make make, Place place, String... more) {
        List<String> words = new ArrayList<>(make.command());
        words.addAll(place.flags());
        words.addAll(List.of(more));
        try {
            Files.createDirectories(Objects.requireNonNull(place.data().getParent()));
            Files.writeString(
                    place.log(),
                    "-- " + make + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Running running =
                make.here()
                        ? Running.here(words, place.log())
                        : Running.process(words, place.log());
        return new Server(make, place, running);
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

    /** Waits for a condition while the server runs. */
    void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (!alive() || System.nanoTime() - end > 0) {
                String state = alive() ? "runs" : "ended with " + exitStatus();
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
        return running.exitStatus().isEmpty();
    }

    int exitStatus() {
        return running.exitStatus().orElseThrow();
    }

    /** All that was logged at this place since this server was started. */
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

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        await("to end");
    }

    /** Ends it in order, or by kill -9. */
    void end(boolean kill) {
        if (!kill) {
            running.stop();
        } else if (make.here()) {
            throw new IllegalArgumentException("only a process can be killed: " + make);
        } else {
            running.kill();
        }
        await("to stop");
    }

    private void await(String what) {
        try {
            if (!running.await(PATIENCE_SECONDS)) {
                running.kill();
                throw new AssertionError(make + ": waited in vain for it " + what + lastLog());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (alive()) {
            running.kill();
            await("to be killed");
        }
    }
}
