package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The real kubectl and etcdctl. They come from the folder in the environment variable {@code
 * JARNETES_PEERS}, which {@code hack/test} fills.
 */
final class Tools {

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
    private static final Duration CONDITION_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = 100_000_000;

    private final Map<String, String> env = new TreeMap<>();

    /** What a command printed, both streams together, and its exit status. */
    record Result(String output, int status) {}

    /** Tools for a control plane, as {@code jarnetes env} sets them up. */
    static Tools of(ControlPlane cluster) {
        return ofEnv(EnvFile.text(cluster));
    }

    /** Tools with the variables of export lines. */
    static Tools ofEnv(String exports) {
        Tools tools = new Tools();
        for (String line : exports.split("\n")) {
            String pair = line.substring("export ".length());
            int at = pair.indexOf('=');
            tools.env.put(pair.substring(0, at), pair.substring(at + 1).replace("'", ""));
        }
        return tools;
    }

    private static Path peers() {
        String folder = System.getenv("JARNETES_PEERS");
        if (folder == null) {
            throw new IllegalStateException(
                    "JARNETES_PEERS isn't set: `hack/test` brings the real programs and sets it");
        }
        return Path.of(folder);
    }

    /** A command line through bash, with kubectl and etcdctl first on the PATH. */
    Result run(String command) {
        Path home = peers();
        String path =
                home.resolve("kubectl/usr/bin")
                        + ":"
                        + home.resolve("etcd-3.5.30/usr/bin")
                        + ":"
                        + System.getenv("PATH");
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
        builder.environment().putAll(env);
        builder.environment().put("PATH", path);
        try {
            Path output = Files.createTempFile("tools", ".out");
            Process process = builder.redirectOutput(output.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " took more than " + COMMAND_LIMIT);
            }
            // Values may be binary; what isn't UTF-8 is shown as such.
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            Files.delete(output);
            return new Result(text, process.exitValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The output of a command that succeeds. */
    String ok(String command) {
        Result result = run(command);
        assertThat(result.status()).as(command + "\n" + result.output()).isZero();
        return result.output();
    }

    /** Runs a command until its output is as wanted; the last output where it never is. */
    String until(String command, Predicate<String> wanted) {
        long end = System.nanoTime() + CONDITION_LIMIT.toNanos();
        List<String> seen = new ArrayList<>();
        while (System.nanoTime() < end) {
            Result result = run(command);
            if (wanted.test(result.output())) {
                return result.output();
            }
            seen.add(result.output());
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError(
                command + " never printed what was waited for; last:\n" + seen.getLast());
    }
}
