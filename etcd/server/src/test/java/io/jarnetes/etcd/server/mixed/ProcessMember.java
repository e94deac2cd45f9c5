package io.jarnetes.etcd.server.mixed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member that is a process. */
final class ProcessMember implements Running {
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final Path log;

    private ProcessMember(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * @param log takes what the process prints, behind what is there
     */
    static ProcessMember start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ProcessMember(builder.start(), log);
    }

    @Override
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public int awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "a member did not end within " + STOP_SECONDS + " s: " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a member ends", e);
        }
        return process.exitValue();
    }
}
