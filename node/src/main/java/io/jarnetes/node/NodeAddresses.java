package io.jarnetes.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The addresses of a node and of its pods: pods from 10.200.x.0/24, x counting nodes (10.201 and so
 * on from the 256th), as the hard way assigns them. Not thread-safe.
 */
final class NodeAddresses {

    private static final int FIRST_POD = 2;
    private static final int LAST_POD = 254;

    private final int index;
    private final Map<String, String> byPod = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private int next = FIRST_POD;

    NodeAddresses(int index) {
        this.index = index;
    }

    /** The node's own address. */
    String node() {
        int host = index + 2;
        return "192.168." + (49 + host / 250) + "." + (host % 250 + 1);
    }

    private String prefix() {
        return "10." + (200 + index / 256) + "." + index % 256 + ".";
    }

    String podCidr() {
        return prefix() + "0/24";
    }

    /** An address for a pod, the same one each time it is asked for. */
    String assign(String podUid) {
        return byPod.computeIfAbsent(podUid, uid -> free());
    }

    /** Remembers an address that a pod has from an earlier run. */
    void keep(String podUid, String address) {
        byPod.put(podUid, address);
        used.add(address);
    }

    private String free() {
        for (int tries = FIRST_POD; tries <= LAST_POD; tries++) {
            String address = prefix() + next;
            next = next == LAST_POD ? FIRST_POD : next + 1;
            if (used.add(address)) {
                return address;
            }
        }
        // More pods than addresses: the simulation shares one rather than stop.
        return prefix() + LAST_POD;
    }

    void release(String podUid) {
        String address = byPod.remove(podUid);
        if (address != null) {
            used.remove(address);
        }
    }
}
