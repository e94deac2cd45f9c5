package io.jarnetes.etcd.client;

/** The service Watch. */
public final class WatchClient {
    private final Calls calls;

    WatchClient(Calls calls) {
        this.calls = calls;
    }

    /** Starts to watch, on a stream of its own that is renewed as often as it breaks. */
    public Watch start(WatchOptions options, WatchListener listener) {
        WatchSession session = new WatchSession(calls, options, listener);
        session.start();
        return session;
    }

    /** A running watch. */
    public interface Watch extends AutoCloseable {
        /**
         * Asks for {@link WatchListener#onProgress}; nothing comes until the watch has caught up.
         */
        void requestProgress();

        /** Ends it; {@link WatchListener#onClosed} follows. Safe to call twice and anywhere. */
        @Override
        void close();
    }
}
