package io.jarnetes.etcd.server;

import io.jarnetes.base.Invocation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The program alone, for trying it out without the launcher. */
public final class EtcdMain {
    private EtcdMain() {}

    public static void main(String[] args) throws Exception {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            stop.complete(null);
                            try {
                                main.join(10_000);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
        int status =
                new EtcdProgram()
                        .run(
                                new Invocation(
                                        List.of(args),
                                        System.getenv(),
                                        System.out,
                                        System.err,
                                        stop));
        Runtime.getRuntime().halt(status);
    }
}
