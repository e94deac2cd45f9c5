package io.jarnetes.etcd.server.peer;

/** The sender of a message was removed from the cluster and must not disturb it. */
public final class MemberRemovedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MemberRemovedException(long id) {
        super(
                "cannot process message from removed member " + Long.toHexString(id),
                null,
                false,
                false);
    }
}
