package io.jarnetes.etcd.storage.exchange;

import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real etcd of one member, with its etcdctl. */
final class RealEtcd implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Path binaries;
    private final String endpoint;
    private final Process process;

    private RealEtcd(Path binaries, String endpoint, Process process) {
        this.binaries = binaries;
        this.endpoint = endpoint;
        this.process = process;
    }

    /** Starts it on a data directory, and waits until it serves. */
    static RealEtcd start(Path binaries, Path dataDir, String... more) {
        try {
            List<Integer> ports = FreePorts.take(2);
            String endpoint = "http://127.0.0.1:" + ports.get(0);
            Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
            Process process =
                    new ProcessBuilder(command(binaries, dataDir, ports, more))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            RealEtcd etcd = new RealEtcd(binaries, endpoint, process);
            etcd.awaitServing(log);
            return etcd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(
            Path binaries, Path dataDir, List<Integer> ports, String... more) {
        String endpoint = "http://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        List<String> command = new ArrayList<>();
        command.add(binaries.resolve("etcd").toString());
        command.addAll(List.of("--name", "m", "--data-dir", dataDir.toString()));
        command.addAll(List.of("--listen-client-urls", endpoint));
        command.addAll(List.of("--advertise-client-urls", endpoint));
        command.addAll(List.of("--listen-peer-urls", peer));
        command.addAll(List.of("--initial-advertise-peer-urls", peer));
        command.addAll(List.of("--initial-cluster", "m=" + peer, "--logger", "zap"));
        command.addAll(List.of(more));
        return command;
    }

    private void awaitServing(Path log) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IllegalStateException("etcd ended: " + Files.readString(log));
            }
            if (run(ctl("endpoint", "health"), false).exit() == 0) {
                return;
            }
        }
        close();
        throw new IllegalStateException("etcd does not serve: " + Files.readString(log));
    }

    private List<String> ctl(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(binaries.resolve("etcdctl").toString());
        command.addAll(List.of("--endpoints", endpoint));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs etcdctl; it must succeed. Returns its output. */
    String etcdctl(String... arguments) {
        return run(ctl(arguments), true).output();
    }

    /** Runs etcdctl with a txn's lines on standard input. */
    String txn(String input) {
        return run(ctl("txn"), input, true).output();
    }

    JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-w", "json"));
        return JsonMapper.shared().readTree(etcdctl(all.toArray(new String[0])));
    }

    /** Hash and compact revision, as {@code hash/compactRevision}. */
    String hashkv(long revision) {
        JsonNode hash =
                json("endpoint", "hashkv", "--rev", Long.toString(revision)).path(0).path("HashKV");
        return hash.path("hash").asLong(0) + "/" + hash.path("compact_revision").asLong(0);
    }

    /** Runs a program that must succeed. */
    static String tool(String... command) {
        return run(List.of(command), true).output();
    }

    private record Result(int exit, String output) {}

    private static Result run(List<String> command, boolean mustSucceed) {
        return run(command, "", mustSucceed);
    }

    private static Result run(List<String> command, String input, boolean mustSucceed) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("ETCDCTL_API", "3");
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (mustSucceed && exit != 0) {
                throw new IllegalStateException(command + " exits with " + exit + ": " + output);
            }
            return new Result(exit, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it by SIGTERM. */
    void stop() {
        process.destroy();
        await();
    }

    /** Stops it by SIGKILL. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("etcd does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
