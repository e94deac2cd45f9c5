package io.jarnetes.etcd.server.mixed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's etcdctl.
 *
 * @param program its file
 * @param globals flags of every call
 */
record Etcdctl(Path program, List<String> globals) {
    private static final long KILL_SECONDS = 30;

    Etcdctl {
        globals = List.copyOf(globals);
    }

    static Etcdctl of(Upstream upstream, List<String> endpoints) {
        return new Etcdctl(
                upstream.etcdctl(),
                List.of("--endpoints=" + String.join(",", endpoints), "--command-timeout=5s"));
    }

    /**
     * What a call came to.
     *
     * @param out standard output and error together
     */
    record Outcome(int status, String out) {
        boolean ok() {
            return status == 0;
        }
    }

    /** What it prints; a refusal fails the test. */
    String run(String... words) {
        Outcome outcome = attempt(words);
        if (!outcome.ok()) {
            throw new AssertionError(
                    "etcdctl "
                            + String.join(" ", words)
                            + " ("
                            + globals
                            + ") ended with "
                            + outcome.status()
                            + ": "
                            + outcome.out());
        }
        return outcome.out();
    }

    Outcome attempt(String... words) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(globals);
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            return new Outcome(process.exitValue(), out);
        } catch (IOException e) {
            throw new IllegalStateException(command + " can't be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + command, e);
        }
    }
}
