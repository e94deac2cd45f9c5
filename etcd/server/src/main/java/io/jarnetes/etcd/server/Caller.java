package io.jarnetes.etcd.server;

/**
 * Who a call came from, as far as the connection tells.
 *
 * @param token of the metadata, empty for none
 * @param commonName of the verified client certificate, empty for none
 */
public record Caller(String token, String commonName) {
    /** Nobody. */
    public static final Caller ANONYMOUS = new Caller("", "");
}
