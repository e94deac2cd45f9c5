package io.jarnetes.etcd.storage.mvcc;

/** Events that a watcher does not want. */
public enum WatchFilter {
    NOPUT,
    NODELETE;

    boolean drops(Event event) {
        return switch (this) {
            case NOPUT -> event.type() == Event.Type.PUT;
            case NODELETE -> event.type() == Event.Type.DELETE;
        };
    }
}
