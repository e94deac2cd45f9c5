package io.jarnetes.apiserver.server.admission;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What admission, authorization and authentication may read of the cluster. The trees are shared
 * and must not be changed.
 */
public interface Listers {

    /**
     * One object from the cache; may lag behind etcd by milliseconds.
     *
     * @param group empty for core
     * @param namespace empty for cluster-scoped resources
     */
    Optional<ObjectNode> get(String group, String resource, String namespace, String name);

    /** One object as etcd has it now. For decisions that must not lag: a namespace just made. */
    Optional<ObjectNode> live(String group, String resource, String namespace, String name);

    /**
     * All objects of a resource from the cache.
     *
     * @param namespace empty for all namespaces
     */
    List<ObjectNode> list(String group, String resource, String namespace);
}
