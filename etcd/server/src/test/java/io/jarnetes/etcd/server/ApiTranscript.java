package io.jarnetes.etcd.server;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.jarnetes.etcd.proto.etcdserverpb.RpcProto;
import io.jarnetes.etcd.proto.v3electionpb.V3ElectionProto;
import io.jarnetes.etcd.proto.v3lockpb.V3LockProto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * One member, asked by lines of text:
 *
 * <ul>
 *   <li>{@code [NAME=VALUE] METHOD REQUEST -> VARIABLE=FIELD} makes a call, with that metadata, and
 *       keeps a field of the answer, which is shown as {@code $VARIABLE} from then on;
 *   <li>{@code open NAME METHOD} begins a stream, {@code send NAME REQUEST} sends, {@code recv NAME
 *       N} waits for N messages or the end, {@code half NAME} has nothing more to send;
 *   <li>{@code http METHOD PATH} asks over HTTP; {@code metrics PREFIX} shows the names and types
 *       of metrics that begin so.
 * </ul>
 *
 * Requests and answers are protobuf's text. Of headers only the revision is shown, of a status only
 * the errors; the member's id and URLs are {@code SELF}, {@code PEER} and {@code CLIENT}, in
 * requests too.
 */
public final class ApiTranscript implements AutoCloseable {
    /** Plays one file. */
    @FunctionalInterface
    public interface Player {
        void play(Path file) throws Exception;
    }

    private static final int MAX_MESSAGE_BYTES = 64 << 20;
    private static final long DEADLINE_SECONDS = 15;
    private static final Pattern CALL =
            Pattern.compile("(?:\\[(\\w+)=([^\\]]*)] )?(\\w+)(?: (.*?))?(?: -> (\\w+)=(\\w+))?");
    private static final Pattern BIG = Pattern.compile("x\\{(\\d+)}");

    private final ManagedChannel channel;
    private final Map<String, MethodDescriptor> methods = new HashMap<>();
    private final Map<String, String> shown = new HashMap<>();
    private final Map<String, TranscriptStream> streams = new HashMap<>();

    /** A test of each file. */
    public static Stream<DynamicTest> tests(Player player) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/testdata/api"))) {
            return files.sorted().toList().stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> player.play(file)));
        }
    }

    /**
     * @param client where the member is asked
     * @param peer where it is reached by others
     */
    public ApiTranscript(URI client, String peer) throws TextFormat.ParseException {
        channel =
                NettyChannelBuilder.forAddress(client.getHost(), client.getPort())
                        .usePlaintext()
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .build();
        for (FileDescriptor file :
                List.of(
                        RpcProto.getDescriptor(),
                        V3ElectionProto.getDescriptor(),
                        V3LockProto.getDescriptor())) {
            for (ServiceDescriptor service : file.getServices()) {
                service.getMethods().forEach(method -> methods.put(method.getName(), method));
            }
        }
        shown.put("PEER", peer);
        shown.put("CLIENT", client.toString());
        Message status = unary(method("Status"), "", new Metadata());
        Message header = (Message) status.getField(field(status, "header"));
        shown.put(
                "SELF", Long.toUnsignedString((long) header.getField(field(header, "member_id"))));
    }

    /** Plays a line; what came of it. */
    public List<String> run(String line) throws TextFormat.ParseException {
        String[] words = line.split(" ", 3);
        String rest = words.length > 2 ? words[2] : "";
        return switch (words[0]) {
            case "open" -> {
                streams.put(words[1], new TranscriptStream(channel, descriptor(method(rest))));
                yield List.of();
            }
            case "send" -> {
                TranscriptStream stream = stream(words[1]);
                stream.send(parse(stream.method(), rest));
                yield List.of();
            }
            case "half" -> {
                stream(words[1]).half();
                yield List.of();
            }
            case "recv" ->
                    stream(words[1]).receive(Integer.parseInt(rest)).stream()
                            .map(this::text)
                            .toList();
            case "http" -> http(words[1], rest);
            case "metrics" -> metrics(words[1]);
            default -> List.of(call(line));
        };
    }

    private List<String> http(String method, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(shown.get("CLIENT") + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            List<String> lines = new ArrayList<>();
            StringBuilder first = new StringBuilder("" + answer.statusCode());
            for (String name :
                    List.of("Content-Type", "Allow", "Location", "Access-Control-Allow-Methods")) {
                answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> first.append(", ").append(name + ": " + value));
            }
            lines.add(first.toString());
            answer.body().lines().forEach(lines::add);
            return lines;
        } catch (IOException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    /** The families whose names begin so, with their types. */
    private List<String> metrics(String prefix) {
        return http("GET", "/metrics").stream()
                .filter(line -> line.startsWith("# TYPE " + prefix))
                .map(line -> line.substring("# TYPE ".length()))
                .sorted()
                .toList();
    }

    private TranscriptStream stream(String name) {
        return Objects.requireNonNull(streams.get(name), name);
    }

    private MethodDescriptor method(String name) {
        return Objects.requireNonNull(methods.get(name), name);
    }

    private String call(String line) throws TextFormat.ParseException {
        Matcher parts = CALL.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no call: " + line);
        }
        Metadata metadata = new Metadata();
        if (parts.group(1) != null) {
            metadata.put(
                    Metadata.Key.of(parts.group(1), Metadata.ASCII_STRING_MARSHALLER),
                    meant(parts.group(2)));
        }
        try {
            String request = parts.group(4) == null ? "" : parts.group(4);
            Message answer = unary(method(parts.group(3)), request, metadata);
            if (parts.group(3).startsWith("Member")) {
                // Before 3.6, upstream answers a change of the membership a moment before another
                // one would be taken, and drops it then. A read through Raft is answered later.
                unary(method("Range"), "key: \"settled\"", metadata);
            }
            if (parts.group(5) != null) {
                Object value = inner(answer, parts.group(6));
                shown.put(
                        "$" + parts.group(5),
                        value instanceof Long n ? Long.toUnsignedString(n) : String.valueOf(value));
            }
            return text(answer);
        } catch (StatusRuntimeException e) {
            return text(e);
        }
    }

    /** The field of the message, or of the first message in it that has it. */
    private static Object inner(Message message, String name) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
        return field != null
                ? message.getField(field)
                : inner((Message) message.getField(field(message, "member")), name);
    }

    private Message unary(MethodDescriptor method, String request, Metadata metadata)
            throws TextFormat.ParseException {
        return ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                descriptor(method),
                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                parse(method, request));
    }

    private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> descriptor(
            MethodDescriptor method) {
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(
                        method.isServerStreaming()
                                ? method.isClientStreaming()
                                        ? MethodType.BIDI_STREAMING
                                        : MethodType.SERVER_STREAMING
                                : MethodType.UNARY)
                .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
                .setRequestMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(method.getOutputType())))
                .setSchemaDescriptor(method)
                .build();
    }

    private DynamicMessage parse(MethodDescriptor method, String text)
            throws TextFormat.ParseException {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
        String large =
                BIG.matcher(meant(text)).replaceAll(m -> "x".repeat(Integer.parseInt(m.group(1))));
        TextFormat.merge(large, request);
        return request.build();
    }

    /** With what the names in a request stand for. */
    private String meant(String text) {
        String meant = text;
        for (Map.Entry<String, String> name : shown.entrySet()) {
            meant = meant.replace(name.getKey(), name.getValue());
        }
        return meant;
    }

    private String text(Object what) {
        if (what instanceof StatusRuntimeException e) {
            return e.getStatus().getCode() + " " + e.getStatus().getDescription();
        }
        if (!(what instanceof Message message)) {
            return String.valueOf(what);
        }
        String text = TextFormat.printer().emittingSingleLine(true).printToString(plain(message));
        for (Map.Entry<String, String> name : shown.entrySet()) {
            text = text.replace(name.getValue(), name.getKey());
        }
        return text.isBlank() ? "{}" : text.replaceAll("x{1000,}", "xx...").strip();
    }

    private static Message plain(Message whole) {
        Message message = whole;
        if (whole.getDescriptorForType().getName().equals("StatusResponse")) {
            FieldDescriptor errors = field(whole, "errors");
            message = whole.newBuilderForType().setField(errors, whole.getField(errors)).build();
        } else if (whole.getDescriptorForType().getName().equals("MemberAddResponse")) {
            // New ids differ from run to run, and so does the order of all.
            message = whole.toBuilder().clearField(field(whole, "members")).build();
        }
        FieldDescriptor header = message.getDescriptorForType().findFieldByName("header");
        if (header == null || !message.hasField(header)) {
            return message;
        }
        Message.Builder revision = message.toBuilder().newBuilderForField(header);
        Message all = (Message) message.getField(header);
        revision.setField(field(all, "revision"), all.getField(field(all, "revision")));
        return message.toBuilder().setField(header, revision.build()).build();
    }

    private static FieldDescriptor field(Message message, String name) {
        return Objects.requireNonNull(message.getDescriptorForType().findFieldByName(name), name);
    }

    /** Plays all lines that begin with {@code >}, and puts what came of each in its place. */
    public List<String> replay(List<String> expected) throws TextFormat.ParseException {
        List<String> actual = new ArrayList<>();
        for (String line : expected) {
            if (line.startsWith(">")) {
                actual.add(line);
                run(line.substring(1).strip()).forEach(out -> actual.add("  " + out));
            } else if (line.isEmpty() || line.startsWith("#")) {
                actual.add(line);
            }
        }
        return actual;
    }

    @Override
    public void close() {
        streams.values().forEach(TranscriptStream::close);
        channel.shutdownNow();
    }
}
