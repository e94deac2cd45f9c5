package io.jarnetes.controllermanager.endpoints;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * The order in which upstream puts ports: by the hash (FNV-1a, 128 bits) of how Go would print
 * them. It means nothing, but it is the same for everybody.
 */
final class PortOrder {

    private static final BigInteger BASIS = new BigInteger("6c62272e07bb014262b821756295c58d", 16);
    private static final BigInteger PRIME = new BigInteger("0000000001000000000000000000013b", 16);
    private static final BigInteger MASK = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    /** In Endpoints. */
    static final Comparator<Backends.Port> OF_ENDPOINTS =
            Comparator.comparing((Backends.Port port) ->
                    hash(
                            "(v1.EndpointPort){Name:(string)"
                                    + port.name()
                                    + " Port:(int32)"
                                    + port.port()
                                    + " Protocol:(v1.Protocol)"
                                    + port.protocol()
                                    + " AppProtocol:"
                                    + optional(port.appProtocol())
                                    + "}"));

    /** In EndpointSlices. */
    static final Comparator<Backends.Port> OF_SLICES =
            Comparator.comparing((Backends.Port port) ->
                    hash(
                            "(v1.EndpointPort){Name:(*string)"
                                    + port.name()
                                    + " Protocol:(*v1.Protocol)"
                                    + port.protocol()
                                    + " Port:(*int32)"
                                    + port.port()
                                    + " AppProtocol:"
                                    + optional(port.appProtocol())
                                    + "}"));

    private PortOrder() {}

    private static String optional(String text) {
        return "(*string)" + (text.isEmpty() ? "<nil>" : text);
    }

    static BigInteger hash(String text) {
        BigInteger hash = BASIS;
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            hash = hash.xor(BigInteger.valueOf(one & 0xff)).multiply(PRIME).and(MASK);
        }
        return hash;
    }
}
