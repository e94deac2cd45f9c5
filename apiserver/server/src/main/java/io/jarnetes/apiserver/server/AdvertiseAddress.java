package io.jarnetes.apiserver.server;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Where clients reach a server that isn't told, by upstream's rule. */
final class AdvertiseAddress {

    private AdvertiseAddress() {}

    /**
     * The given one, else the one that is bound unless it is no address of its own or loopback,
     * else the first of this host that isn't loopback, else loopback.
     */
    static InetAddress choose(@Nullable InetAddress given, InetAddress bind) {
        if (given != null) {
            return given;
        }
        if (!bind.isAnyLocalAddress() && !bind.isLoopbackAddress()) {
            return bind;
        }
        InetAddress found = firstOfHost();
        return found == null ? InetAddress.getLoopbackAddress() : found;
    }

    private static @Nullable InetAddress firstOfHost() {
        try {
            for (NetworkInterface each :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!each.isUp() || each.isLoopback()) {
                    continue;
                }
                for (InetAddress address : Collections.list(each.getInetAddresses())) {
                    if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
                        return address;
                    }
                }
            }
        } catch (IOException e) {
            // No interface can be asked: loopback will do.
        }
        return null;
    }
}
