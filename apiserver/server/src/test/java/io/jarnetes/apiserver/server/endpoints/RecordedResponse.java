package io.jarnetes.apiserver.server.endpoints;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps an answer in memory; a watch's events can be taken one by one. */
final class RecordedResponse implements ApiResponse {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final LinkedBlockingQueue<String> writes = new LinkedBlockingQueue<>();
    private final List<Runnable> onClose = new ArrayList<>();
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private int status;
    private volatile boolean closed;
    private volatile boolean ended;

    @Override
    public void addHeader(String name, String value) {
        headers.add(Map.entry(name, value));
    }

    @Override
    public void start(int code, List<Map.Entry<String, String>> given) {
        status = code;
        headers.addAll(given);
    }

    @Override
    public synchronized void write(byte[] bytes) {
        if (closed) {
            throw new ResponseClosedException("closed");
        }
        body.writeBytes(bytes);
        writes.add(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {}

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public boolean closed() {
        return closed;
    }

    @Override
    public void onClose(Runnable action) {
        onClose.add(action);
    }

    void close() {
        closed = true;
        onClose.forEach(Runnable::run);
    }

    int status() {
        return status;
    }

    boolean ended() {
        return ended;
    }

    @Nullable String header(String name) {
        return headers.stream()
                .filter(each -> each.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    List<String> headers(String name) {
        return headers.stream()
                .filter(each -> each.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    synchronized String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    String nextWrite() throws InterruptedException {
        String write = writes.poll(5, TimeUnit.SECONDS);
        if (write == null) {
            throw new AssertionError("nothing was written within 5 s");
        }
        return write;
    }
}
