package io.jarnetes.etcd.ctl.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.ctl.etcdutl.EtcdutlProgram;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Our etcdutl on a thread of its own. */
final class Waiting {
    private static final long PATIENCE_SECONDS = 120;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    static Waiting start(String... args) {
        Waiting waiting = new Waiting();
        PrintStream out = new PrintStream(waiting.err, true, UTF_8);
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        waiting.status.complete(
                                new EtcdutlProgram()
                                        .run(
                                                new Invocation(
                                                        List.of(args),
                                                        Map.of(),
                                                        out,
                                                        out,
                                                        new CompletableFuture<>())));
                    } catch (RuntimeException | Error e) {
                        waiting.status.completeExceptionally(e);
                    }
                });
        return waiting;
    }

    String err() {
        return err.toString(UTF_8);
    }

    int status() throws Exception {
        return status.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
