package io.jarnetes.etcd.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Unary calls as futures, with the rules of when to try again. */
final class Calls {
    private static final int MAX_ATTEMPTS = 30;
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 500;
    private static final int ATTEMPTS_A_BACKOFF = 6;

    private final Endpoints endpoints;
    private final EventLoopGroup loops;
    private final Duration timeout;
    private final @Nullable String token;

    static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    Calls(Endpoints endpoints, EventLoopGroup loops, Duration timeout, @Nullable String token) {
        this.endpoints = endpoints;
        this.loops = loops;
        this.timeout = timeout;
        this.token = token;
    }

    Calls withTimeout(Duration other) {
        return new Calls(endpoints, loops, other, token);
    }

    Calls withToken(String other) {
        return new Calls(endpoints, loops, timeout, other);
    }

    Endpoints endpoints() {
        return endpoints;
    }

    EventLoopGroup loops() {
        return loops;
    }

    Metadata headers() {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(TOKEN, token);
        }
        return headers;
    }

    /** Tried again on another member while members are unavailable and time is left. */
    <Q, R, T> CompletableFuture<T> read(
            MethodDescriptor<Q, R> method, Q request, Function<R, T> result) {
        return start(new Attempt<>(method, request, result, true));
    }

    /** Tried again only if no member can have seen it. */
    <Q, R, T> CompletableFuture<T> write(
            MethodDescriptor<Q, R> method, Q request, Function<R, T> result) {
        return start(new Attempt<>(method, request, result, false));
    }

    private <Q, R, T> CompletableFuture<T> start(Attempt<Q, R, T> attempt) {
        attempt.run();
        return attempt.future;
    }

    private final class Attempt<Q, R, T> implements Runnable {
        private final MethodDescriptor<Q, R> method;
        private final Q request;
        private final Function<R, T> result;
        private final boolean readOnly;
        private final long deadlineNanos = System.nanoTime() + timeout.toNanos();
        private int attempts;
        final CompletableFuture<T> future = new CompletableFuture<>();

        Attempt(MethodDescriptor<Q, R> method, Q request, Function<R, T> result, boolean readOnly) {
            this.method = method;
            this.request = request;
            this.result = result;
            this.readOnly = readOnly;
        }

        @Override
        public void run() {
            attempts++;
            if (attempts > 1) {
                endpoints.dialAgain();
            }
            CallOptions options =
                    CallOptions.DEFAULT.withDeadlineAfter(
                            deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            ClientCall<Q, R> call = endpoints.call(method, options, loops.next());
            future.whenComplete((done, failure) -> {
                if (future.isCancelled()) {
                    call.cancel("the caller lost interest", null);
                }
            });
            call.start(new Listener(call), headers());
            call.request(2);
            call.sendMessage(request);
            call.halfClose();
        }

        /** Nobody has seen the request, and another member was reached meanwhile. */
        private void elsewhere(Status status) {
            if (future.isDone() || deadlineNanos - System.nanoTime() <= 0) {
                future.completeExceptionally(new EtcdException(status));
            } else {
                loops.next().execute(this);
            }
        }

        private void failed(Status status, boolean sent) {
            long backoff =
                    Math.min(
                            MAX_BACKOFF_MILLIS,
                            FIRST_BACKOFF_MILLIS << (attempts / ATTEMPTS_A_BACKOFF));
            boolean timeIsLeft =
                    deadlineNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(backoff);
            boolean again =
                    Failures.isUnavailable(status)
                            && (readOnly || !sent || Failures.neverSent(status));
            if (again
                    && timeIsLeft
                    && !endpoints.isClosed()
                    && attempts < MAX_ATTEMPTS
                    && !future.isDone()) {
                loops.next().schedule(this, backoff, TimeUnit.MILLISECONDS);
            } else {
                future.completeExceptionally(new EtcdException(status));
            }
        }

        private final class Listener extends ClientCall.Listener<R> {
            private final ClientCall<Q, R> call;
            private @Nullable R answer;

            Listener(ClientCall<Q, R> call) {
                this.call = call;
            }

            @Override
            public void onMessage(R message) {
                answer = message;
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                boolean sent = Endpoints.isSent(call);
                if (status.getCode() == Status.Code.CANCELLED && !sent) {
                    elsewhere(status);
                } else if (!status.isOk()) {
                    failed(Failures.of(status), sent);
                } else if (answer == null) {
                    failed(
                            Status.INTERNAL.withDescription("a member answered OK, but nothing"),
                            true);
                } else {
                    complete(answer);
                }
            }

            private void complete(R message) {
                try {
                    future.complete(result.apply(message));
                } catch (RuntimeException e) {
                    future.completeExceptionally(EtcdException.of(e));
                }
            }
        }
    }
}
