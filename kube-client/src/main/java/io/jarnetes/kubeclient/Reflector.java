package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lists a resource, then watches it from there; watches again from the last resourceVersion when
 * the stream ends, and lists again when that version has expired.
 */
final class Reflector implements Runnable, AutoCloseable {

    /** Where the objects go. */
    interface Sink {
        void replace(List<KubeObject> current);

        void changed(KubeObject object);

        void removed(KubeObject object);

        /** Everything up to this resourceVersion has been seen. */
        void reached(String version);
    }

    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(60);
    private static final int WATCH_SECONDS = 300;
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long LAST_BACKOFF_MILLIS = 10_000;

    /** A server that closes watches at once must not be asked in a tight loop. */
    private static final long SHORT_WATCH_NANOS = 1_000_000_000;

    private final ApiClient client;
    private final Resource resource;
    private final String path;
    private final String query;
    private final Log log;
    private final Sink sink;
    private volatile boolean closed;
    private volatile @Nullable InputStream stream;

    Reflector(ApiClient client, Resource resource, String path, String query, Log log, Sink sink) {
        this.client = client;
        this.resource = resource;
        this.path = path;
        this.query = query;
        this.log = log;
        this.sink = sink;
    }

    @Override
    public void run() {
        long backoff = FIRST_BACKOFF_MILLIS;
        String version = "";
        try {
            while (!closed) {
                try {
                    if (version.isEmpty()) {
                        version = list();
                    }
                    long opened = System.nanoTime();
                    version = watch(version);
                    if (System.nanoTime() - opened < SHORT_WATCH_NANOS) {
                        Thread.sleep(backoff);
                    }
                    backoff = FIRST_BACKOFF_MILLIS;
                } catch (ApiException e) {
                    if (e.gone()) {
                        version = "";
                        continue;
                    }
                    if (closed) {
                        return;
                    }
                    report(e);
                    if (e.code() != 0) {
                        version = "";
                    }
                    Thread.sleep(backoff + ThreadLocalRandom.current().nextLong(backoff));
                    backoff = Math.min(backoff * 2, LAST_BACKOFF_MILLIS);
                }
            }
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(ApiException failure) {
        log.debug("Failed to watch", "type", resource.groupResource(), "err", failure.getMessage());
    }

    private String list() {
        ObjectNode list =
                client.get(path + "?resourceVersion=0" + (query.isEmpty() ? "" : "&" + query));
        List<KubeObject> objects = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            if (item instanceof ObjectNode object) {
                objects.add(taken(object));
            }
        }
        String version = Json.text(list, "metadata", "resourceVersion");
        sink.replace(objects);
        sink.reached(version);
        return version;
    }

    /** Items of a list carry neither kind nor apiVersion. */
    private KubeObject taken(ObjectNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        if (!object.has("kind")) {
            object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        }
        return KubeObject.of(object);
    }

    /** Returns the version to go on from when the stream has ended. */
    private String watch(String from) {
        int seconds = WATCH_SECONDS + ThreadLocalRandom.current().nextInt(WATCH_SECONDS);
        String address =
                path
                        + "?watch=1&allowWatchBookmarks=true&resourceVersion="
                        + Resource.escape(from)
                        + "&timeoutSeconds="
                        + seconds
                        + (query.isEmpty() ? "" : "&" + query);
        String version = from;
        try (InputStream body = client.stream(address, "application/json", HEAD_TIMEOUT);
                WatchLines lines = new WatchLines(body)) {
            stream = body;
            if (closed) {
                return version;
            }
            ObjectNode event = lines.next();
            while (event != null) {
                version = event(event);
                event = lines.next();
            }
            return version;
        } catch (IOException e) {
            if (closed) {
                return version;
            }
            log.debug("Watch ended", "type", resource.groupResource(), "err", e.getMessage());
            return version;
        } finally {
            stream = null;
        }
    }

    private String event(ObjectNode event) {
        String type = Json.text(event, "type");
        if (!(event.path("object") instanceof ObjectNode object)) {
            throw ApiException.unreachable("watch", new IOException("an event without an object"));
        }
        if (type.equals("ERROR")) {
            throw ApiException.of(Json.number(500, object, "code"), object);
        }
        KubeObject taken = taken(object);
        switch (type) {
            case "ADDED", "MODIFIED" -> sink.changed(taken);
            case "DELETED" -> sink.removed(taken);
            default -> {
                // A BOOKMARK only carries a resourceVersion.
            }
        }
        // For bookmarks; an object is there before its version is said to be reached.
        sink.reached(taken.resourceVersion());
        return taken.resourceVersion();
    }

    @Override
    public void close() {
        closed = true;
        InputStream open = stream;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.debug("Closing a watch", "err", e.getMessage());
            }
        }
    }
}
