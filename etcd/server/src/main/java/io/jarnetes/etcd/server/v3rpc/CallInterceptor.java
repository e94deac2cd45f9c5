package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.jarnetes.base.metrics.Metrics.Counter;
import io.jarnetes.base.metrics.Metrics.Histogram;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.ServerMetrics;
import io.jarnetes.etcd.server.apply.ServerError;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Around each call: who calls, whether it insists on a leader, and what is counted. */
final class CallInterceptor implements ServerInterceptor {
    private static final Context.Key<Caller> CALLER = Context.key("caller");
    private static final Context.Key<Boolean> REQUIRES_LEADER = Context.key("requires-leader");
    private static final Metadata.Key<String> TOKEN = key("token");
    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    private static final Metadata.Key<String> HAS_LEADER = key("hasleader");
    private static final Metadata.Key<String> CLIENT_VERSION = key("client-api-version");

    private final EtcdMember member;
    private final Statuses statuses;
    private final Map<MethodDescriptor<?, ?>, MethodMetrics> methods = new ConcurrentHashMap<>();

    private record MethodMetrics(
            Counter started,
            Map<Status.Code, Counter> handled,
            String[] labels,
            Counter received,
            Counter sent,
            @Nullable Histogram seconds) {
        <Q> ServerCall.Listener<Q> counting(ServerCall.Listener<Q> listener) {
            return new SimpleForwardingServerCallListener<>(listener) {
                @Override
                public void onMessage(Q message) {
                    received.inc();
                    super.onMessage(message);
                }
            };
        }

        /** Streams of all directions are one kind to those who count clients. */
        String kind() {
            return labels[2].equals("unary") ? "unary" : "stream";
        }
    }

    CallInterceptor(EtcdMember member) {
        this.member = member;
        this.statuses = new Statuses(member.config().compatibility());
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Who calls; nobody outside of a call. */
    static Caller caller() {
        Caller caller = CALLER.get();
        return caller == null ? Caller.ANONYMOUS : caller;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        MethodMetrics metrics = methods.computeIfAbsent(call.getMethodDescriptor(), this::metrics);
        metrics.started().inc();
        String version = headers.get(CLIENT_VERSION);
        member.metrics()
                .clientRequests
                .with(metrics.kind(), version == null ? "unknown" : version)
                .inc();
        Counted<Q, R> counted = new Counted<>(call, metrics);
        boolean requiresLeader = "true".equals(headers.get(HAS_LEADER));
        if (requiresLeader && !member.hasLeader()) {
            var refusal = statuses.status(ServerError.NO_LEADER);
            counted.close(refusal.getStatus(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Caller caller = caller(call, headers);
        if (caller == Caller.ANONYMOUS && !requiresLeader) {
            return metrics.counting(next.startCall(counted, headers));
        }
        Context context =
                Context.current().withValues(CALLER, caller, REQUIRES_LEADER, requiresLeader);
        return metrics.counting(Contexts.interceptCall(context, counted, headers, next));
    }

    /** Whether this stream asked to be ended when its member loses the leader. */
    static boolean requiresLeader() {
        return Boolean.TRUE.equals(REQUIRES_LEADER.get());
    }

    private static Caller caller(ServerCall<?, ?> call, Metadata headers) {
        String token = headers.get(TOKEN);
        token = token == null ? headers.get(AUTHORIZATION) : token;
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        String name = session == null ? "" : commonName(session);
        return token == null && name.isEmpty()
                ? Caller.ANONYMOUS
                : new Caller(token == null ? "" : token, name);
    }

    private static String commonName(SSLSession session) {
        try {
            return CommonNames.of(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    private MethodMetrics metrics(MethodDescriptor<?, ?> method) {
        String type =
                switch (method.getType()) {
                    case UNARY, UNKNOWN -> "unary";
                    case CLIENT_STREAMING -> "client_stream";
                    case SERVER_STREAMING -> "server_stream";
                    case BIDI_STREAMING -> "bidi_stream";
                };
        String name = String.valueOf(method.getBareMethodName());
        String service = String.valueOf(method.getServiceName());
        ServerMetrics all = member.metrics();
        return new MethodMetrics(
                all.grpcStarted.with(name, service, type),
                new ConcurrentHashMap<>(),
                new String[] {name, service, type},
                all.grpcReceived.with(name, service, type),
                all.grpcSent.with(name, service, type),
                all.extensive() ? all.grpcHandling(name, service, type) : null);
    }

    private final class Counted<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final MethodMetrics metrics;
        private final long start = System.nanoTime();

        Counted(ServerCall<Q, R> call, MethodMetrics metrics) {
            super(call);
            this.metrics = metrics;
        }

        @Override
        public void sendMessage(R message) {
            metrics.sent().inc();
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            String[] l = metrics.labels();
            metrics.handled()
                    .computeIfAbsent(
                            status.getCode(),
                            c ->
                                    member.metrics()
                                            .grpcHandled
                                            .with(GoCodes.name(c), l[0], l[1], l[2]))
                    .inc();
            if (metrics.seconds() != null) {
                metrics.seconds().observeSince(start);
            }
            super.close(status, trailers);
        }
    }
}
