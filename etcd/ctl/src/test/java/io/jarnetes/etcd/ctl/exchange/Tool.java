package io.jarnetes.etcd.ctl.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.ctl.etcdutl.EtcdutlProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * What a tool said, less its log lines.
 *
 * @param status the exit status
 */
record Tool(int status, String out, String err) {

    /** Our etcdutl, in this process. */
    static Tool ours(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status =
                new EtcdutlProgram()
                        .run(
                                new Invocation(
                                        List.of(args),
                                        Map.of(),
                                        new PrintStream(out, true, UTF_8),
                                        new PrintStream(err, true, UTF_8),
                                        new CompletableFuture<>()));
        return new Tool(status, out.toString(UTF_8), withoutLog(err.toString(UTF_8)));
    }

    /** One of upstream's tools. */
    static Tool theirs(String version, String name, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Make.program(version, name).toString());
        command.addAll(List.of(args));
        try {
            Path err = Files.createTempFile("tool", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().put("ETCDCTL_API", "3");
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            int status = process.waitFor();
            Tool tool = new Tool(status, out, withoutLog(Files.readString(err)));
            Files.delete(err);
            return tool;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String withoutLog(String text) {
        return text.lines()
                .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*\t.*|\\{\"level\".*"))
                .collect(Collectors.joining("\n"));
    }

    /** This, which must have succeeded. */
    Tool ok() {
        if (status != 0) {
            throw new AssertionError("a tool failed with " + status + ":\n" + out + err);
        }
        return this;
    }
}
