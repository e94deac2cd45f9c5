package io.jarnetes.controllermanager.node;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;

/** Tells kubelets how long they may keep Secrets and ConfigMaps; longer in larger clusters. */
public final class NodeTtl {

    private static final String ANNOTATION = "node.alpha.kubernetes.io/ttl";
    private static final int[][] NODES_AND_SECONDS = {
        {100, 0}, {500, 15}, {1000, 30}, {2000, 60}, {Integer.MAX_VALUE, 300}
    };

    private NodeTtl() {}

    public static Controller start(ControllerContext context) {
        ApiClient client = context.client("ttl-controller");
        Informer nodes = context.informer(Resource.NODES);
        return new Keyed(
                        context,
                        "ttl",
                        5,
                        key -> nodes.get(key).ifPresent(node -> set(client, nodes, node)))
                .watch(nodes)
                .start();
    }

    private static void set(ApiClient client, Informer nodes, KubeObject node) {
        String wanted = Integer.toString(seconds(nodes.list().size()));
        if (!node.annotation(ANNOTATION).equals(wanted)) {
            client.patch(
                    Resource.NODES.path(node),
                    ApiClient.Patch.MERGE,
                    Json.of("metadata", Json.of("annotations", Json.of(ANNOTATION, wanted))));
        }
    }

    static int seconds(int nodes) {
        for (int[] step : NODES_AND_SECONDS) {
            if (nodes <= step[0]) {
                return step[1];
            }
        }
        return 0;
    }
}
