package io.jarnetes.etcd.server;

import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One stream of an {@link ApiTranscript}. */
final class TranscriptStream extends ClientCall.Listener<DynamicMessage> {
    private static final long PATIENCE_SECONDS = 15;

    private final MethodDescriptor<DynamicMessage, DynamicMessage> method;
    private final ClientCall<DynamicMessage, DynamicMessage> call;
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    TranscriptStream(Channel channel, MethodDescriptor<DynamicMessage, DynamicMessage> method) {
        this.method = method;
        call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(this, new Metadata());
        call.request(Integer.MAX_VALUE);
    }

    Descriptors.MethodDescriptor method() {
        return (Descriptors.MethodDescriptor) Objects.requireNonNull(method.getSchemaDescriptor());
    }

    void send(DynamicMessage message) {
        call.sendMessage(message);
    }

    void half() {
        call.halfClose();
    }

    /** The next messages, or fewer and how the stream ended. */
    List<Object> receive(int count) {
        List<Object> messages = new ArrayList<>();
        try {
            while (messages.size() < count) {
                Object next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                messages.add(next == null ? "nothing for " + PATIENCE_SECONDS + " s" : next);
                if (!(next instanceof DynamicMessage)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return messages;
    }

    @Override
    public void onMessage(DynamicMessage message) {
        received.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        received.add(status.isOk() ? "end of stream" : status.asRuntimeException());
    }

    void close() {
        call.cancel("the transcript is over", null);
    }
}
