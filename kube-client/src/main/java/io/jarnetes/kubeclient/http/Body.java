package io.jarnetes.kubeclient.http;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as it comes. The event loop puts parts in, one thread reads them; only when
 * it has read what is there is more taken from the network.
 */
final class Body extends InputStream {

    /** What the event loop tells the reader. */
    private sealed interface Part {}

    private record Bytes(byte[] bytes) implements Part {}

    private record End() implements Part {}

    private record Failure(IOException cause) implements Part {}

    private final Channel channel;
    private final LinkedBlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    private byte[] current = new byte[0];
    private int at;
    private @Nullable Part last;

    Body(Channel channel) {
        this.channel = channel;
    }

    void add(byte[] bytes) {
        if (bytes.length > 0) {
            parts.add(new Bytes(bytes));
        }
    }

    void end() {
        parts.add(new End());
    }

    void fail(IOException cause) {
        parts.add(new Failure(cause));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (at == current.length && !next()) {
            return -1;
        }
        int number = Math.min(length, current.length - at);
        System.arraycopy(current, at, into, offset, number);
        at += number;
        return number;
    }

    /** False at the end. */
    private boolean next() throws IOException {
        Part part = last == null ? take() : last;
        return switch (part) {
            case Bytes bytes -> {
                current = bytes.bytes;
                at = 0;
                yield true;
            }
            case End end -> {
                last = end;
                yield false;
            }
            case Failure failure -> {
                last = failure;
                throw new IOException(failure.cause.getMessage(), failure.cause);
            }
        };
    }

    private Part take() throws IOException {
        try {
            Part there = parts.poll();
            if (there != null) {
                return there;
            }
            channel.read();
            return parts.take();
        } catch (RejectedExecutionException e) {
            // The client is closed, and nobody puts anything in any more.
            Part there = parts.poll();
            return there == null ? new Failure(new IOException("the client is closed")) : there;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a body was read");
        }
    }

    @Override
    public void close() {
        Connection.close(channel);
    }
}
