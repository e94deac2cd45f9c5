package io.jarnetes.etcd.client;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.Locale;

/** What a member, or the way to it, answered instead of a result. */
public final class EtcdException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The codes of gRPC, in gRPC's meaning. */
    public enum Code {
        CANCELLED,
        UNKNOWN,
        INVALID_ARGUMENT,
        DEADLINE_EXCEEDED,
        NOT_FOUND,
        ALREADY_EXISTS,
        PERMISSION_DENIED,
        RESOURCE_EXHAUSTED,
        FAILED_PRECONDITION,
        ABORTED,
        OUT_OF_RANGE,
        UNIMPLEMENTED,
        INTERNAL,
        UNAVAILABLE,
        DATA_LOSS,
        UNAUTHENTICATED
    }

    private final Code code;

    public EtcdException(Code code, String message) {
        super(message);
        this.code = code;
    }

    EtcdException(Status status) {
        super(describe(status), status.getCause());
        this.code = Code.valueOf(status.getCode().name());
    }

    /** The code; {@link Code#UNAVAILABLE} and {@link Code#DEADLINE_EXCEEDED} may pass by. */
    public Code code() {
        return code;
    }

    /** Whether a revision that was asked for is compacted ("mvcc: required revision ..."). */
    public boolean isCompacted() {
        return code == Code.OUT_OF_RANGE && String.valueOf(getMessage()).contains("compacted");
    }

    static EtcdException of(Throwable failure) {
        return switch (failure) {
            case EtcdException known -> known;
            case StatusRuntimeException status -> new EtcdException(status.getStatus());
            case StatusException status -> new EtcdException(status.getStatus());
            default -> new EtcdException(Status.fromThrowable(failure));
        };
    }

    private static String describe(Status status) {
        String description = status.getDescription();
        if (description != null && !description.isEmpty()) {
            return description;
        }
        Throwable cause = status.getCause();
        return status.getCode().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (cause == null ? "" : ": " + cause);
    }
}
