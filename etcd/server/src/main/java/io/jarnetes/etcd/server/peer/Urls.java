package io.jarnetes.etcd.server.peer;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port of a URL as Go reads them. {@link URI} knows no host with an underscore, which
 * names of containers may have, and none that is empty, which is this machine.
 */
public final class Urls {
    private static final int NO_PORT = -1;

    /** What Go lets stand in a host; a port is digits, or nothing after the colon. */
    private static final Pattern HOST_PORT =
            Pattern.compile(
                    "(\\[[0-9A-Za-z:.%_~-]*]|[\\w.~!$&'()*+,;=<>\"%\\u0080-\\uffff-]*)(:(\\d*))?");

    private static final Pattern URL = Pattern.compile("([A-Za-z]+)://([^/?#]*)([^?#]*)(.*)");

    private Urls() {}

    /** The host, without the brackets of an IPv6 address; localhost if it is empty. */
    public static String host(URI url) {
        Matcher parts = HOST_PORT.matcher(authority(url));
        if (!parts.matches()) {
            throw new IllegalArgumentException("a URL without a host: " + url);
        }
        String host = parts.group(1);
        if (host.isEmpty()) {
            return "localhost";
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port; -1 if none is given. */
    public static int port(URI url) {
        Matcher parts = HOST_PORT.matcher(authority(url));
        boolean given = parts.matches() && parts.group(3) != null && !parts.group(3).isEmpty();
        return given ? Integer.parseInt(parts.group(3)) : NO_PORT;
    }

    /** Without user and password. */
    private static String authority(URI url) {
        String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    /**
     * Whether a member can be reached there as far as upstream's types.NewURLs tells: http or https
     * with a port and no path, or a socket in the file system.
     */
    public static boolean isPeerUrl(String url) {
        Matcher parts = URL.matcher(url.strip());
        if (!parts.matches()) {
            return false;
        }
        String authority = parts.group(2);
        Matcher hostPort = HOST_PORT.matcher(authority.substring(authority.lastIndexOf('@') + 1));
        return switch (parts.group(1).toLowerCase(Locale.ROOT)) {
            case "http", "https" ->
                    hostPort.matches() && hostPort.group(2) != null && parts.group(3).isEmpty();
            case "unix", "unixs" -> hostPort.matches();
            default -> false;
        };
    }
}
