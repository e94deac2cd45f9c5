package io.jarnetes.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How long after its exec a lone member gave its first answers, in milliseconds; asked by each way
 * every few milliseconds, all at once.
 *
 * @param serializable to a serializable read
 * @param linearizable to a linearizable read
 * @param health to {@code /health}, with 200
 */
record FirstAnswers(double serializable, double linearizable, double health) {
    private static final long MOST_SECONDS = 120;
    private static final long TRY_MILLIS = 5;
    private static final long ASK_SECONDS = 10;
    private static final int HTTP_OK = 200;

    /** Asks a member that was just started. */
    static FirstAnswers await(Fleet fleet) throws InterruptedException {
        long began = fleet.launchedNanos();
        try (Connections one = fleet.connect(1);
                HttpClient http = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Double> serializable =
                    threads.submit(() -> first(fleet, began, () -> read(one.get(0), true)));
            Future<Double> linearizable =
                    threads.submit(() -> first(fleet, began, () -> read(one.get(0), false)));
            Future<Double> health =
                    threads.submit(
                            () -> first(fleet, began, () -> healthy(http, fleet.ports().get(0))));
            return new FirstAnswers(serializable.get(), linearizable.get(), health.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(fleet.make().name() + " does not answer", e);
        }
    }

    private static double first(Fleet fleet, long began, Callable<Boolean> question)
            throws Exception {
        while (!question.call()) {
            fleet.requireAlive();
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(MOST_SECONDS)) {
                throw new IllegalStateException("no answer for " + MOST_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private static boolean read(ManagedChannel channel, boolean serializable) {
        RangeRequest one =
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("none"))
                        .setSerializable(serializable)
                        .build();
        try {
            channel.resetConnectBackoff();
            KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ASK_SECONDS, TimeUnit.SECONDS)
                    .range(one);
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private static boolean healthy(HttpClient http, int port) throws InterruptedException {
        HttpRequest get =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(Duration.ofSeconds(ASK_SECONDS))
                        .build();
        try {
            return http.send(get, HttpResponse.BodyHandlers.discarding()).statusCode() == HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
