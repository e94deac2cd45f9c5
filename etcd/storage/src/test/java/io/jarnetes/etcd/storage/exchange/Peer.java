package io.jarnetes.etcd.storage.exchange;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An upstream etcd, run on a data directory. */
final class Peer implements AutoCloseable {
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String endpoint;
    private final Path log;

    private Peer(Process process, String endpoint, Path log) {
        this.process = process;
        this.endpoint = endpoint;
        this.log = log;
    }

    /** A program of a version, such as ("3.5.30", "etcdutl"). */
    static Path program(String version, String name) {
        String root = System.getProperty("JARNETES_PEERS", System.getenv("JARNETES_PEERS"));
        if (root == null) {
            throw new IllegalStateException(
                    "JARNETES_PEERS is not set: hack/test fetches upstream's programs and sets it");
        }
        Path path = Path.of(root, "etcd-" + version, "usr", "bin", name);
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException(path + " is missing: hack/test fetches it");
        }
        return path;
    }

    /** Starts a member without waiting for it. */
    static Peer launch(String version, Path data, String... more) throws IOException {
        List<Integer> ports = FreePorts.take(2);
        String endpoint = "http://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program(version, "etcd").toString(),
                                "--name=a",
                                "--data-dir=" + data,
                                "--listen-client-urls=" + endpoint,
                                "--advertise-client-urls=" + endpoint,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=a=" + peer));
        command.addAll(List.of(more));
        Path log = data.resolveSibling(data.getFileName() + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new Peer(process, endpoint, log);
    }

    /** Starts a member and waits until it answers. */
    static Peer start(String version, Path data, String... more) throws Exception {
        Peer peer = launch(version, data, more);
        try {
            peer.awaitHealthy();
        } catch (IllegalStateException e) {
            peer.kill();
            throw e;
        }
        return peer;
    }

    void awaitHealthy() throws Exception {
        try {
            Eventually.until("etcd to answer, or to end", () -> healthy() || !process.isAlive());
        } catch (AssertionError e) {
            throw new IllegalStateException("etcd did not start:\n" + log(), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("etcd did not start:\n" + log());
        }
    }

    /** Whether the process holds a file open; Linux knows. */
    boolean hasOpen(Path file) throws IOException {
        Path real = file.toRealPath();
        try (Stream<Path> open = Files.list(Path.of("/proc", "" + process.pid(), "fd"))) {
            for (Path each : open.toList()) {
                if (Files.readSymbolicLink(each).equals(real)) {
                    return true;
                }
            }
        } catch (NoSuchFileException _) {
            // Closed between the two looks.
        }
        return false;
    }

    boolean healthy() throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(endpoint + "/health"))
                            .timeout(java.time.Duration.ofMillis(500))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    String endpoint() {
        return endpoint;
    }

    /** A call of the JSON gateway, such as ("kv/put", body). */
    String call(String path, String body) throws Exception {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(endpoint + "/v3/" + path))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + response.body());
        }
        return response.body();
    }

    void put(String key, String value) throws Exception {
        call("kv/put", "{\"key\":\"" + base64(key) + "\",\"value\":\"" + base64(value) + "\"}");
    }

    void delete(String key) throws Exception {
        call("kv/deleterange", "{\"key\":\"" + base64(key) + "\"}");
    }

    /** All pairs, and the revision of each. */
    String everything() throws Exception {
        String body = call("kv/range", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}");
        return body.substring(body.indexOf("\"kvs\""));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            kill();
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kill();
        }
    }

    /** Runs a program to its end and returns what it printed. */
    static String run(String version, String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program(version, name).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed:\n" + output);
        }
        return output;
    }
}
