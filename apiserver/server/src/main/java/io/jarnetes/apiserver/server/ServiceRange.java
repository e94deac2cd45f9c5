package io.jarnetes.apiserver.server;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A CIDR of {@code --service-cluster-ip-range}. */
final class ServiceRange {

    private ServiceRange() {}

    /**
     * The first address after the network's own: that of the {@code kubernetes} Service.
     *
     * @throws IllegalArgumentException when it is no CIDR
     */
    static String firstAddress(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "--service-cluster-ip-range \"" + cidr + "\" is no CIDR such as 10.0.0.0/24");
        }
        try {
            byte[] address = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
            int bits = address.length * 8 - Integer.parseInt(cidr.substring(slash + 1));
            BigInteger network = new BigInteger(1, address).shiftRight(bits).shiftLeft(bits);
            byte[] number = network.add(BigInteger.ONE).toByteArray();
            byte[] first = new byte[address.length];
            int count = Math.min(number.length, first.length);
            System.arraycopy(number, number.length - count, first, first.length - count, count);
            return InetAddress.getByAddress(first).getHostAddress();
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw new IllegalArgumentException(
                    "--service-cluster-ip-range \"" + cidr + "\" is no CIDR such as 10.0.0.0/24",
                    e);
        }
    }
}
