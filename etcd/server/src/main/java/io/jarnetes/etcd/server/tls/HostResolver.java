package io.jarnetes.etcd.server.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Names of addresses, and addresses of names; may block. */
public interface HostResolver {
    /**
     * All names of an address, with or without the dot at their end.
     *
     * @throws UnknownHostException if it has none
     */
    List<String> names(InetAddress address) throws UnknownHostException;

    /**
     * All addresses of a name.
     *
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> addresses(String name) throws UnknownHostException;
}
