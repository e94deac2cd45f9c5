package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.endpoints.ResponseClosedException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * One request and its answer, whatever the protocol. The request's side never changes; the answer
 * is written by the request's virtual thread, and closed by an event loop when the peer goes away.
 */
final class Exchange implements ApiResponse {

    private final Channel channel;
    private final Connection connection;
    private final HttpRequest head;
    private final byte[] body;
    private final boolean bodyTooLarge;
    private final Runnable whenDone;

    private final Map<String, String> presets = new LinkedHashMap<>();
    private final List<Map.Entry<String, String>> added = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private final List<Runnable> closeActions = new ArrayList<>();
    private volatile boolean closed;
    private volatile boolean longRunning;
    private boolean started;
    private boolean ended;
    private int status;
    private long bytesOut;
    private boolean bodyless;
    private boolean closeAfter;
    private AnswerWriter writer;

    /**
     * @param whenDone called once, when the answer is whole or the peer is gone
     */
    Exchange(
            Channel channel,
            Connection connection,
            HttpRequest head,
            byte[] body,
            boolean bodyTooLarge,
            Runnable whenDone) {
        this.channel = channel;
        this.connection = connection;
        this.head = head;
        this.body = body;
        this.bodyTooLarge = bodyTooLarge;
        this.whenDone = whenDone;
        this.writer = new HttpAnswer();
    }

    /** How bytes of an answer become messages of a protocol. */
    interface AnswerWriter {

        void write(byte[] bytes);

        void end();
    }

    Connection connection() {
        return connection;
    }

    Channel channel() {
        return channel;
    }

    HttpRequest head() {
        return head;
    }

    String method() {
        return head.method().name();
    }

    String uri() {
        return head.uri();
    }

    HttpHeaders headers() {
        return head.headers();
    }

    byte[] body() {
        return body;
    }

    boolean bodyTooLarge() {
        return bodyTooLarge;
    }

    int status() {
        return status;
    }

    long bytesOut() {
        return bytesOut;
    }

    boolean started() {
        return started;
    }

    /** Marks a watch or another answer that lasts as long as its client likes. */
    void markLongRunning() {
        longRunning = true;
    }

    boolean longRunning() {
        return longRunning;
    }

    /** A header that goes out with whatever is started later; the answer's own wins. */
    void preset(String name, String value) {
        presets.put(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
        added.add(Map.entry(name, value));
    }

    @Override
    public void start(int code, List<Map.Entry<String, String>> headers) {
        if (started) {
            throw new IllegalStateException("the answer was started before");
        }
        started = true;
        status = code;
        if (code == 200 && longRunning && WebSockets.isUpgrade(head)) {
            writer = WebSockets.accept(this, contentType(headers));
            return;
        }
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
        sorted(headers).forEach((name, values) -> response.headers().set(name, values));
        response.headers().set("Date", HttpDate.now());
        bodyless = head.method().equals(HttpMethod.HEAD) || code == 204 || code == 304;
        frame(response);
        channel.write(response, channel.voidPromise());
    }

    /** All headers by name, as Go writes them; the length follows the others. */
    private Map<String, List<String>> sorted(List<Map.Entry<String, String>> headers) {
        Map<String, List<String>> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Stream.concat(added.stream(), headers.stream())
                .forEach(header ->
                        own.computeIfAbsent(header.getKey(), name -> new ArrayList<>())
                                .add(header.getValue()));
        presets.forEach((name, value) -> own.putIfAbsent(name, List.of(value)));
        List<String> length = own.remove("Content-Length");
        Map<String, List<String>> all = new LinkedHashMap<>(own);
        if (length != null) {
            all.put("Content-Length", length);
        }
        return all;
    }

    private void frame(HttpResponse response) {
        boolean length = response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!length && !bodyless) {
            // Written as Go writes it; HTTP/2's codec drops it.
            response.headers().set("Transfer-Encoding", HttpHeaderValues.CHUNKED);
        }
        closeAfter = !HttpUtil.isKeepAlive(head) || bodyTooLarge;
        if (closeAfter) {
            response.headers().set("Connection", HttpHeaderValues.CLOSE);
        } else if (head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            response.headers().set("Connection", HttpHeaderValues.KEEP_ALIVE);
        }
    }

    private static String contentType(List<Map.Entry<String, String>> headers) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase("content-type")) {
                return header.getValue();
            }
        }
        return "application/json";
    }

    @Override
    public void write(byte[] bytes) {
        awaitWritable();
        bytesOut += bytes.length;
        writer.write(bytes);
    }

    /** Blocks while the peer is slow, so that what is buffered stays bounded. */
    void awaitWritable() {
        if (!closed && channel.isWritable()) {
            return;
        }
        channel.flush();
        lock.lock();
        try {
            while (!closed && !channel.isWritable()) {
                writable.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResponseClosedException("interrupted while the peer was slow");
        } finally {
            lock.unlock();
        }
        if (closed) {
            throw new ResponseClosedException("the peer is gone");
        }
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            writer.end();
        }
    }

    /** The end of an answer that broke off in the middle: the peer must not take it for whole. */
    void abort() {
        if (!ended) {
            ended = true;
            channel.close();
        }
    }

    boolean ended() {
        return ended;
    }

    @Override
    public boolean closed() {
        return closed;
    }

    @Override
    public void onClose(Runnable action) {
        lock.lock();
        try {
            if (!closed) {
                closeActions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** The peer is gone; event loop. */
    void peerGone() {
        stop();
        whenDone.run();
    }

    /** The server stops: what waits is woken, what is written next fails. */
    void stop() {
        List<Runnable> actions;
        lock.lock();
        try {
            closed = true;
            writable.signalAll();
            actions = List.copyOf(closeActions);
            closeActions.clear();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** The channel's buffer has room again, or not; event loop. */
    void writabilityChanged() {
        lock.lock();
        try {
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The writer's last message is on its way. */
    void done(ChannelFuture last) {
        if (closeAfter) {
            last.addListener(ChannelFutureListener.CLOSE);
        }
        channel.eventLoop().execute(whenDone);
    }

    /** Plain HTTP messages; the codec below makes frames of HTTP/2 of them. */
    private final class HttpAnswer implements AnswerWriter {

        @Override
        public void write(byte[] bytes) {
            if (!bodyless && bytes.length > 0) {
                channel.write(
                        new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)),
                        channel.voidPromise());
            }
        }

        @Override
        public void end() {
            done(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        }
    }
}
