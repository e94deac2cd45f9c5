package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.HashMap;
import java.util.Map;

/** Which strategy a built-in resource has; {@link Strategy#PLAIN} unless it is listed here. */
final class Strategies {

    private final Map<String, Strategy> byResource = new HashMap<>();

    Strategies(Strategy services) {
        byResource.put("services", services);
        byResource.put("pods", new PodStrategy());
        byResource.put("namespaces", new NamespaceStrategy());
        byResource.put("secrets", new SecretStrategy());
        byResource.put("configmaps", new ConfigMapStrategy());
    }

    Strategy of(GroupResource resource) {
        return byResource.getOrDefault(resource.toString(), Strategy.PLAIN);
    }
}
