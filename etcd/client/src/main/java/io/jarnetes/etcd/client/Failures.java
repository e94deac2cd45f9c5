package io.jarnetes.etcd.client;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** What the end of a call says about the member, and about whether another one may be asked. */
final class Failures {
    private Failures() {}

    /**
     * The status as its meaning is: a connection that went away is {@code UNAVAILABLE}.
     *
     * <p>A write that meets a channel which the death of a member has just closed ends in grpc-java
     * as {@code UNKNOWN} ("channel closed"), which would else read as a member's final answer.
     */
    static Status of(Status status) {
        return status.getCode() == Status.Code.UNKNOWN && isOfConnection(status)
                ? Status.UNAVAILABLE
                        .withDescription(status.getDescription())
                        .withCause(status.getCause())
                : status;
    }

    /** A member's own answer arrives as a status without a cause. */
    private static boolean isOfConnection(Status status) {
        for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
            if (t instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    static boolean isUnavailable(Status status) {
        return status.getCode() == Status.Code.UNAVAILABLE;
    }

    /** What isn't about this member or this moment ends a stream for good, as upstream has it. */
    static boolean mayPass(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, INTERNAL, CANCELLED, OK, RESOURCE_EXHAUSTED -> true;
            default -> false;
        };
    }

    /** A connection that was never made has carried no request. */
    static boolean neverSent(Status status) {
        if (!isUnavailable(status)) {
            return false;
        }
        for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
