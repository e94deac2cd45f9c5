package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.storage.StorageException;
import io.jarnetes.apiserver.server.storage.WatchEvent;
import io.jarnetes.apiserver.server.storage.WatchStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs a watch on the request's virtual thread: waits for events, frames them, writes them in
 * bursts. What an object looks like in a frame is made once and shared by all watchers.
 */
final class WatchHandler {

    private static final Duration SLICE = Duration.ofSeconds(30);
    private static final int MIN_TIMEOUT_SECONDS = 1_800;

    /** So long before its end a watch tells how far it came; shorter ones don't, as upstream's. */
    private static final long LAST_BOOKMARK_NANOS = Duration.ofSeconds(2).toNanos();

    private final RandomGenerator random;

    WatchHandler(RandomGenerator random) {
        this.random = random;
    }

    void run(
            Store store,
            RequestContext context,
            ListOptions options,
            Encoder encoder,
            ApiResponse response)
            throws InterruptedException {
        WatchFrames frames = WatchFrames.of(encoder);
        try (WatchStream stream = open(store, context, options)) {
            start(response, encoder);
            response.onClose(stream::close);
            follow(stream, frames, response, deadline(options));
        } catch (WatchRefused refused) {
            start(response, encoder);
            response.write(frames.error(refused.status.toTree()));
        } catch (ResponseClosedException e) {
            return;
        }
        response.end();
    }

    /** Upstream tells what is too old by an event, not by the HTTP status. */
    private static final class WatchRefused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient ApiStatus status;

        WatchRefused(ApiStatus status) {
            super(status.message(), null, false, false);
            this.status = status;
        }
    }

    private static WatchStream open(Store store, RequestContext context, ListOptions options) {
        try {
            return store.watch(context, options);
        } catch (ApiException e) {
            if (e.is("Expired")) {
                throw new WatchRefused(e.status());
            }
            throw e;
        }
    }

    private static void start(ApiResponse response, Encoder encoder) {
        boolean json = encoder.accepted().mediaType() == MediaType.JSON;
        String type = encoder.contentType() + (json ? "" : ";stream=watch");
        response.start(200, List.of(Map.entry("Content-Type", type)));
        response.flush();
    }

    private long deadline(ListOptions options) {
        Duration timeout = options.timeout();
        boolean given = timeout != null && !timeout.isZero();
        long seconds =
                given && timeout != null
                        ? timeout.toSeconds()
                        : MIN_TIMEOUT_SECONDS + random.nextInt(MIN_TIMEOUT_SECONDS);
        return System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }

    private static void follow(
            WatchStream stream, WatchFrames frames, ApiResponse response, long deadline)
            throws InterruptedException {
        long marksAt = deadline - LAST_BOOKMARK_NANOS;
        boolean marked = marksAt - System.nanoTime() <= 0;
        while (true) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            if (!marked && left <= LAST_BOOKMARK_NANOS) {
                List<WatchEvent> bookmark = stream.lastBookmark();
                write(bookmark, frames, response);
                marked = !bookmark.isEmpty();
            }
            long wait = marked || left <= LAST_BOOKMARK_NANOS ? left : left - LAST_BOOKMARK_NANOS;
            List<WatchEvent> burst =
                    stream.next(wait < SLICE.toNanos() ? Duration.ofNanos(wait) : SLICE);
            write(burst, frames, response);
            if (burst.isEmpty() && (stream.ended() || response.closed())) {
                return;
            }
        }
    }

    private static void write(List<WatchEvent> burst, WatchFrames frames, ApiResponse response) {
        for (WatchEvent event : burst) {
            response.write(
                    switch (event) {
                        case WatchEvent.Change change -> frames.change(change);
                        case WatchEvent.Bookmark mark ->
                                frames.bookmark(mark.revision(), mark.initialEventsEnd());
                        case WatchEvent.Failure failure -> frames.error(status(failure.cause()));
                    });
        }
        if (!burst.isEmpty()) {
            response.flush();
        }
    }

    private static ObjectNode status(StorageException cause) {
        String message = String.valueOf(cause.getMessage());
        ApiException error =
                cause.kind() == StorageException.Kind.EXPIRED
                        ? ApiException.expired(message)
                        : ApiException.internalError(message);
        return error.status().toTree();
    }
}
