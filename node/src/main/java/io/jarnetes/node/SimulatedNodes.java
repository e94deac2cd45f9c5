package io.jarnetes.node;

import io.jarnetes.base.log.Log;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Some simulated nodes that run until they are closed; the Node objects stay. */
public final class SimulatedNodes implements AutoCloseable {

    private final List<NodeAgent> agents;

    private SimulatedNodes(List<NodeAgent> agents) {
        this.agents = agents;
    }

    /**
     * Starts all nodes side by side and returns at once.
     *
     * @throws IOException if a node's credentials can't be used
     */
    public static SimulatedNodes start(SimulatedNodesConfig config, Log log) throws IOException {
        List<NodeAgent> agents = new ArrayList<>();
        SimulatedNodes nodes = new SimulatedNodes(agents);
        try {
            for (SimulatedNodesConfig.SimulatedNode node : config.nodes()) {
                agents.add(new NodeAgent(node, config.kubeletVersion(), Clock.systemUTC(), log));
            }
        } catch (IOException e) {
            nodes.close();
            throw e;
        }
        agents.forEach(NodeAgent::start);
        return nodes;
    }

    /** Completes when all nodes are registered and Ready. */
    public CompletableFuture<Void> ready() {
        return CompletableFuture.allOf(
                agents.stream().map(NodeAgent::ready).toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        agents.forEach(NodeAgent::close);
    }
}
