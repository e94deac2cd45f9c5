package io.jarnetes.etcd.ctl.exchange;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.server.EtcdProgram;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Our etcd as a process of its own, which can be stopped and killed. */
final class EtcdProcess {
    private static final long LONGEST_STOP_MILLIS = 10_000;

    private EtcdProcess() {}

    public static void main(String[] args) throws Exception {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, main)));
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

    private static void stop(CompletableFuture<Void> stop, Thread main) {
        stop.complete(null);
        try {
            main.join(LONGEST_STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
