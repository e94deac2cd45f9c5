package io.jarnetes.apiserver.server.registry.services;

import io.jarnetes.apiserver.server.registry.validation.IpAddress;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A CIDR of Service addresses. The first address (and for IPv4 the last) is nobody's.
 *
 * @param base the network's address as a number
 * @param bits 32 or 128
 * @param prefixLength such as 24
 */
public record AddressRange(BigInteger base, int bits, int prefixLength) {

    /**
     * @throws IllegalArgumentException when it is no CIDR
     */
    public static AddressRange parse(String cidr) {
        int slash = cidr.indexOf('/');
        byte[] address = slash < 0 ? null : IpAddress.bytes(cidr.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(
                    "a service cluster IP range must be a CIDR such as 10.0.0.0/24, not " + cidr);
        }
        int bits = address.length * 8;
        int length = Integer.parseInt(cidr.substring(slash + 1));
        BigInteger number = new BigInteger(1, address);
        BigInteger base = number.shiftRight(bits - length).shiftLeft(bits - length);
        return new AddressRange(base, bits, length);
    }

    /** {@code IPv4} or {@code IPv6}. */
    public String family() {
        return bits == 32 ? "IPv4" : "IPv6";
    }

    boolean contains(byte[] address) {
        return address.length * 8 == bits
                && new BigInteger(1, address)
                        .shiftRight(bits - prefixLength)
                        .equals(base.shiftRight(bits - prefixLength));
    }

    /** Whether it is one that can be given away: not the network's own, nor its last for IPv4. */
    boolean gives(byte[] address) {
        if (!contains(address)) {
            return false;
        }
        BigInteger index = new BigInteger(1, address).subtract(base).subtract(BigInteger.ONE);
        return index.signum() >= 0 && index.compareTo(size()) < 0;
    }

    /** Whether the other is a part of this one, and not all of it. */
    public boolean strictlyContains(AddressRange other) {
        int shift = bits - prefixLength;
        return bits == other.bits
                && prefixLength < other.prefixLength
                && other.base.shiftRight(shift).equals(base.shiftRight(shift));
    }

    /** How many addresses can be given away. */
    BigInteger size() {
        BigInteger all = BigInteger.ONE.shiftLeft(bits - prefixLength);
        return all.subtract(BigInteger.valueOf(bits == 32 ? 2 : 1)).max(BigInteger.ZERO);
    }

    /** The address at a place, counted from 0 for the first that can be given away. */
    String at(BigInteger index) {
        byte[] number = base.add(BigInteger.ONE).add(index).toByteArray();
        byte[] address = new byte[bits / 8];
        int from = Math.max(0, number.length - address.length);
        byte[] tail = Arrays.copyOfRange(number, from, number.length);
        System.arraycopy(tail, 0, address, address.length - tail.length, tail.length);
        return text(address);
    }

    /** RFC 5952 for IPv6, dotted for IPv4. */
    static String text(byte[] address) {
        if (address.length == 4) {
            StringBuilder text = new StringBuilder();
            for (byte b : address) {
                text.append(text.isEmpty() ? "" : ".").append(b & 0xff);
            }
            return text.toString();
        }
        return compress(address);
    }

    private static String compress(byte[] address) {
        int[] words = new int[8];
        for (int i = 0; i < 8; i++) {
            words[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && words[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                boolean separate = !text.isEmpty() && text.charAt(text.length() - 1) != ':';
                text.append(separate ? ":" : "").append(Integer.toHexString(words[i]));
            }
        }
        return text.toString();
    }
}
