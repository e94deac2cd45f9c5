package io.jarnetes.apiserver.server.endpoints;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Sends one whole body: status, headers, gzip where it pays. */
final class Answer {

    /** Smaller bodies are not worth the time, as upstream's defaultGzipThresholdBytes. */
    private static final int GZIP_FROM_BYTES = 128 * 1024;

    private final ApiRequest request;
    private final ApiResponse response;
    private final Warnings warnings;

    Answer(ApiRequest request, ApiResponse response, Warnings warnings) {
        this.request = request;
        this.response = response;
        this.warnings = warnings;
    }

    Warnings warnings() {
        return warnings;
    }

    void send(int status, String contentType, byte[] body) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("Content-Type", contentType));
        headers.addAll(warnings.headers());
        byte[] sent = body;
        if (body.length > GZIP_FROM_BYTES && acceptsGzip()) {
            sent = gzip(body);
            headers.add(Map.entry("Content-Encoding", "gzip"));
            headers.add(Map.entry("Vary", "Accept-Encoding"));
        }
        headers.add(Map.entry("Content-Length", Integer.toString(sent.length)));
        headers.sort(Map.Entry.comparingByKey());
        response.start(status, headers);
        if (!request.method().equals("HEAD")) {
            response.write(sent);
        }
        response.end();
    }

    private boolean acceptsGzip() {
        for (String value : request.headers().all("Accept-Encoding")) {
            for (String each : value.split(",")) {
                if (each.strip().split(";")[0].equals("gzip")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 8);
        try (GZIPOutputStream gzip = new FastGzip(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Level 1, as upstream's: the network is near. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, 64 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
