package io.jarnetes.kubeclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The events of a watch: one JSON object a line. */
final class WatchLines implements AutoCloseable {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;
    private int end;

    WatchLines(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next event.
     *
     * @return null when the stream has ended
     */
    @Nullable ObjectNode next() throws IOException {
        line.reset();
        while (true) {
            if (at == end) {
                at = 0;
                end = in.read(buffer);
                if (end < 0) {
                    end = 0;
                    return null;
                }
            }
            int start = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.write(buffer, start, at - start);
            if (at < end) {
                at++;
                if (line.size() > 0) {
                    return parse();
                }
            }
        }
    }

    private ObjectNode parse() throws IOException {
        try {
            return Json.parse(line.toByteArray());
        } catch (IllegalArgumentException e) {
            throw new IOException("a watch event is " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
