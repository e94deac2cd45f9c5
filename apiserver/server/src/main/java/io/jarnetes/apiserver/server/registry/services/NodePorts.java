package io.jarnetes.apiserver.server.registry.services;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.storage.ResourceStorage;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.storage.UpdateStep;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives node ports away by setting bits in {@code /registry/ranges/servicenodeports}, a {@code v1
 * RangeAllocation} whose data is a big-endian number: bit i stands for port first + i.
 */
public final class NodePorts {

    private static final String NAME = "servicenodeports";

    private final ResourceStorage ranges;
    private final int first;
    private final int size;
    private final RandomGenerator random;

    /**
     * @param ranges the storage below {@code ranges/}
     * @param first of {@code --service-node-port-range}
     * @param size how many ports there are
     */
    public NodePorts(ResourceStorage ranges, int first, int size, RandomGenerator random) {
        this.ranges = ranges;
        this.first = first;
        this.size = size;
        this.random = random;
    }

    /** Writes the empty bitmap where there is none. */
    public void prepare() {
        ranges.update(
                ranges.key("", NAME),
                current -> new UpdateStep.Write(allocation(bits(current)), 0));
    }

    void take(int port, boolean dryRun) throws AllocationException {
        if (port < first || port >= first + size) {
            throw new AllocationException(
                    "provided port is not in the valid range. The range of valid ports is "
                            + first
                            + "-"
                            + (first + size - 1));
        }
        if (!tryTake(port - first, dryRun)) {
            throw new AllocationException("provided port is already allocated");
        }
    }

    int takeAny(boolean dryRun) throws AllocationException {
        BigInteger bits = bits(ranges.get(ranges.key("", NAME)));
        int start = random.nextInt(size);
        for (int i = 0; i < size; i++) {
            int index = (start + i) % size;
            if (!bits.testBit(index) && tryTake(index, dryRun)) {
                return first + index;
            }
        }
        throw new AllocationException("range is full");
    }

    private boolean tryTake(int index, boolean dryRun) {
        boolean[] free = {false};
        ranges.update(
                ranges.key("", NAME),
                current -> {
                    BigInteger bits = bits(current);
                    free[0] = !bits.testBit(index);
                    return free[0] && !dryRun
                            ? new UpdateStep.Write(allocation(bits.setBit(index)), 0)
                            : new UpdateStep.Keep(allocation(bits));
                });
        return free[0];
    }

    void release(Collection<Integer> ports) {
        if (ports.isEmpty()) {
            return;
        }
        ranges.update(
                ranges.key("", NAME),
                current -> {
                    BigInteger bits = bits(current);
                    for (int port : ports) {
                        if (port >= first && port < first + size) {
                            bits = bits.clearBit(port - first);
                        }
                    }
                    return new UpdateStep.Write(allocation(bits), 0);
                });
    }

    private static BigInteger bits(@Nullable StoredObject stored) {
        String data = stored == null ? "" : stored.tree().path("data").asString("");
        return data.isEmpty()
                ? BigInteger.ZERO
                : new BigInteger(1, Base64.getDecoder().decode(data));
    }

    private ObjectNode allocation(BigInteger bits) {
        ObjectNode allocation = Meta.object();
        allocation.put("kind", "RangeAllocation");
        allocation.put("apiVersion", "v1");
        allocation.putObject("metadata");
        allocation.put("range", first + "-" + (first + size - 1));
        byte[] number = bits.toByteArray();
        int from = number.length > 1 && number[0] == 0 ? 1 : 0;
        byte[] trimmed =
                bits.signum() == 0 ? new byte[0] : Arrays.copyOfRange(number, from, number.length);
        allocation.put("data", Base64.getEncoder().encodeToString(trimmed));
        return allocation;
    }
}
