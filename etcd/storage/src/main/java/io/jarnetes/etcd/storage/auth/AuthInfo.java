package io.jarnetes.etcd.storage.auth;

/**
 * Who asks, and at which auth revision that was established.
 *
 * @param username the user; empty for nobody
 * @param revision the auth revision; 0 for nobody
 */
public record AuthInfo(String username, long revision) {
    /** Nobody. */
    public static final AuthInfo NONE = new AuthInfo("", 0);
}
