package io.jarnetes.apiserver.server.registry.validation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses in text. */
public final class IpAddress {

    private static final Pattern V4 =
            Pattern.compile(
                    "(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\."
                            + "(0|[1-9][0-9]{0,2})");
    private static final Pattern LEADING_ZEROS = Pattern.compile("(?<=^|[.])0+([0-9]+)(?=[.]|$)");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private IpAddress() {}

    /** The same of an address whose numbers may have zeros in front, as old fields take it. */
    public static byte @Nullable [] sloppy(String text) {
        return bytes(LEADING_ZEROS.matcher(text).replaceAll("$1"));
    }

    /** The bytes of an address in text, null when it is none; never asks a name server. */
    public static byte @Nullable [] bytes(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
