package io.jarnetes.etcd.raft;

import java.util.Arrays;

/**
 * The answer to {@link RawNode#readIndex}: a read is linearizable once {@code index} is applied.
 *
 * @param requestContext what the request gave
 */
public record ReadState(long index, byte[] requestContext) {
    @Override
    public boolean equals(Object o) {
        return o instanceof ReadState r
                && index == r.index
                && Arrays.equals(requestContext, r.requestContext);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(index) * 31 + Arrays.hashCode(requestContext);
    }
}
