package io.jarnetes.apiserver.server.registry.services;

import java.util.List;

/**
 * What Services may have.
 *
 * @param ranges {@code --service-cluster-ip-range}; the first one's family is the primary
 * @param firstNodePort of {@code --service-node-port-range}
 * @param nodePorts how many there are
 */
public record ServiceSettings(List<AddressRange> ranges, int firstNodePort, int nodePorts) {

    /** Upstream's {@code 30000-32767}. */
    public static final int FIRST_NODE_PORT = 30_000;

    public static final int NODE_PORTS = 2_768;

    public ServiceSettings {
        ranges = List.copyOf(ranges);
    }

    /**
     * With the default node ports.
     *
     * @param cidrs such as {@code 10.0.0.0/24}
     */
    public static ServiceSettings of(List<String> cidrs) {
        return new ServiceSettings(
                cidrs.stream().map(AddressRange::parse).toList(), FIRST_NODE_PORT, NODE_PORTS);
    }
}
