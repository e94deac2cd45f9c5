package io.jarnetes.controllermanager.nodelifecycle;

import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How fast pods may be evicted from nodes that are not ready: by zone, slower where most of a large
 * zone is not ready, and not at all where most of a small one is. While no node at all is ready it
 * is rather this side that is cut off, and nobody is evicted. Thread-safe.
 */
final class Disruption {

    /** Of a zone; upstream's names. */
    enum ZoneState {
        INITIAL,
        NORMAL,
        PARTIAL_DISRUPTION,
        FULL_DISRUPTION
    }

    /** Upstream's --node-eviction-rate: one node in ten seconds. */
    private static final Duration NORMAL_PAUSE = Duration.ofSeconds(10);

    /** Upstream's --secondary-node-eviction-rate. */
    private static final Duration SLOW_PAUSE = Duration.ofSeconds(100);

    /** Upstream's --large-cluster-size-threshold. */
    private static final int LARGE_ZONE_NODES = 50;

    /** Upstream's --unhealthy-zone-threshold. */
    private static final double UNHEALTHY_SHARE = 0.55;

    private static final String EXCLUDED = "node.kubernetes.io/exclude-disruption";

    /** A zone: its size and state, and when the next node may be tainted. */
    private static final class Zone {
        private int nodes;
        private int ready;
        private ZoneState state = ZoneState.INITIAL;
        private Instant next = Instant.MIN;

        private ZoneState seen() {
            int notReady = nodes - ready;
            if (ready == 0 && notReady > 0) {
                return ZoneState.FULL_DISRUPTION;
            }
            return notReady > 2 && (double) notReady / nodes >= UNHEALTHY_SHARE
                    ? ZoneState.PARTIAL_DISRUPTION
                    : ZoneState.NORMAL;
        }
    }

    private final Map<String, Zone> zones = new TreeMap<>();
    private boolean all;

    /** {@code region zone}, as the node's labels have them. */
    static String zone(KubeObject node) {
        String region = node.label("topology.kubernetes.io/region");
        String zone = node.label("topology.kubernetes.io/zone");
        return region + " " + zone;
    }

    /**
     * Looks at all nodes anew.
     *
     * @return whether some node is ready again after a time in which none was
     */
    synchronized boolean observe(List<KubeObject> nodes) {
        Map<String, int[]> counts = new HashMap<>();
        for (KubeObject node : nodes) {
            if (node.labels().containsKey(EXCLUDED)) {
                continue;
            }
            int[] count = counts.computeIfAbsent(zone(node), name -> new int[2]);
            count[0]++;
            count[1] += node.conditionTrue("Ready") ? 1 : 0;
        }
        zones.keySet().retainAll(counts.keySet());
        boolean before = all;
        all = !counts.isEmpty();
        counts.forEach((name, count) -> {
            Zone zone = zones.computeIfAbsent(name, key -> new Zone());
            zone.nodes = count[0];
            zone.ready = count[1];
            zone.state = zone.seen();
            all &= zone.state == ZoneState.FULL_DISRUPTION;
        });
        return before && !all;
    }

    /** Whether no node is ready, so that nobody is evicted. */
    synchronized boolean everywhere() {
        return all;
    }

    synchronized ZoneState state(String zone) {
        Zone found = zones.get(zone);
        return found == null ? ZoneState.INITIAL : found.state;
    }

    /**
     * Asks to evict from one more node of a zone.
     *
     * @return zero if that is granted; else when to ask again
     */
    synchronized Duration ask(String name, Instant now) {
        Zone zone = zones.computeIfAbsent(name, key -> new Zone());
        Duration pause = pause(zone);
        if (all || pause.isZero()) {
            return NORMAL_PAUSE;
        }
        if (now.isBefore(zone.next)) {
            return Duration.between(now, zone.next);
        }
        zone.next = now.plus(pause);
        return Duration.ZERO;
    }

    /** Zero stands for never. */
    private static Duration pause(Zone zone) {
        if (zone.state != ZoneState.PARTIAL_DISRUPTION) {
            return NORMAL_PAUSE;
        }
        return zone.nodes > LARGE_ZONE_NODES ? SLOW_PAUSE : Duration.ZERO;
    }
}
