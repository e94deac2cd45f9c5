package io.jarnetes.etcd.server;

/** This member was removed from its cluster. */
final class RemovedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RemovedException() {
        super("the member has been permanently removed from the cluster", null, false, false);
    }
}
