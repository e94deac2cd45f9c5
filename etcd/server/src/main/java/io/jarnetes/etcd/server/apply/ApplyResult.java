package io.jarnetes.etcd.server.apply;

import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request.
 *
 * @param response the answer, if {@code failure} is null
 * @param failure why it was refused
 */
public record ApplyResult(@Nullable Message response, @Nullable RuntimeException failure) {

    static ApplyResult of(Message response) {
        return new ApplyResult(response, null);
    }

    static ApplyResult refused(RuntimeException failure) {
        return new ApplyResult(null, failure);
    }
}
