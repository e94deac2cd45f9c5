package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.informers.Informer;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which pods run on which node, and what they refer to: the part of upstream's graph that pods
 * make. Filled by an informer; read by any thread.
 */
public final class PodIndex implements Informer.Sink {

    private static final Set<String> SOURCES = Set.of("env", "envFrom");

    private final Map<String, Refs> pods = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> byNode = new ConcurrentHashMap<>();

    /**
     * What one pod refers to, all in its own namespace.
     *
     * @param node empty while it isn't bound
     * @param mirror made by a kubelet from a file: gives the node no rights
     */
    record Refs(
            String namespace,
            String name,
            String node,
            boolean mirror,
            String serviceAccount,
            Set<String> secrets,
            Set<String> configMaps,
            Set<String> claims,
            Set<String> resourceClaims) {}

    @Override
    public void replace(Map<String, ObjectNode> objects) {
        pods.keySet().stream().filter(key -> !objects.containsKey(key)).forEach(this::remove);
        objects.forEach(this::put);
    }

    @Override
    public void put(String key, ObjectNode object) {
        Refs refs = read(object);
        Refs before = pods.put(key, refs);
        if (before != null && !before.node.equals(refs.node)) {
            forget(key, before.node);
        }
        if (!refs.node.isEmpty()) {
            byNode.computeIfAbsent(refs.node, node -> ConcurrentHashMap.newKeySet()).add(key);
        }
    }

    @Override
    public void remove(String key) {
        Refs before = pods.remove(key);
        if (before != null) {
            forget(key, before.node);
        }
    }

    private void forget(String key, String node) {
        Set<String> keys = byNode.get(node);
        if (keys != null) {
            keys.remove(key);
        }
    }

    /** Whether the pod is bound to the node. */
    boolean runs(String node, String namespace, String name) {
        Refs refs = pods.get(namespace + "/" + name);
        return refs != null && refs.node.equals(node);
    }

    /** Whether a pod of this namespace on the node fits. */
    boolean any(String node, String namespace, Predicate<Refs> fits) {
        for (String key : byNode.getOrDefault(node, Set.of())) {
            Refs refs = pods.get(key);
            if (refs != null
                    && refs.node.equals(node)
                    && !refs.mirror
                    && refs.namespace.equals(namespace)
                    && fits.test(refs)) {
                return true;
            }
        }
        return false;
    }

    private static Refs read(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        Set<String> secrets = new HashSet<>();
        Set<String> configMaps = new HashSet<>();
        Set<String> claims = new HashSet<>();
        Set<String> resourceClaims = new HashSet<>();
        for (JsonNode secret : Trees.items(spec, "imagePullSecrets")) {
            secrets.add(Trees.text(secret, "name"));
        }
        for (String list : Set.of("containers", "initContainers", "ephemeralContainers")) {
            Trees.items(spec, list).forEach(c -> container(c, secrets, configMaps));
        }
        for (JsonNode volume : Trees.items(spec, "volumes")) {
            volume(volume, Trees.name(pod), secrets, configMaps, claims);
        }
        for (JsonNode claim : Trees.items(spec, "resourceClaims")) {
            resourceClaims.add(Trees.text(claim, "resourceClaimName"));
        }
        for (JsonNode claim : Trees.items(pod, "status", "resourceClaimStatuses")) {
            resourceClaims.add(Trees.text(claim, "resourceClaimName"));
        }
        resourceClaims.remove("");
        boolean mirror =
                !Trees.text(pod, "metadata", "annotations", "kubernetes.io/config.mirror")
                        .isEmpty();
        return new Refs(
                Trees.namespace(pod),
                Trees.name(pod),
                Trees.text(spec, "nodeName"),
                mirror,
                Trees.text(spec, "serviceAccountName"),
                Set.copyOf(secrets),
                Set.copyOf(configMaps),
                Set.copyOf(claims),
                Set.copyOf(resourceClaims));
    }

    private static void container(JsonNode container, Set<String> secrets, Set<String> configMaps) {
        for (String field : SOURCES) {
            for (JsonNode item : Trees.items(container, field)) {
                JsonNode from = field.equals("env") ? item.path("valueFrom") : item;
                add(secrets, from, "secretKeyRef", "name");
                add(secrets, from, "secretRef", "name");
                add(configMaps, from, "configMapKeyRef", "name");
                add(configMaps, from, "configMapRef", "name");
            }
        }
    }

    private static void volume(
            JsonNode volume,
            String pod,
            Set<String> secrets,
            Set<String> configMaps,
            Set<String> claims) {
        add(secrets, volume, "secret", "secretName");
        add(configMaps, volume, "configMap", "name");
        add(claims, volume, "persistentVolumeClaim", "claimName");
        if (volume.has("ephemeral")) {
            claims.add(pod + "-" + Trees.text(volume, "name"));
        }
        for (JsonNode source : Trees.items(volume, "projected", "sources")) {
            add(secrets, source, "secret", "name");
            add(configMaps, source, "configMap", "name");
        }
        // Drivers' own secrets: cephfs, iscsi, csi and others name them in one of these fields.
        volume.properties()
                .forEach(driver -> {
                    add(secrets, driver.getValue(), "secretRef", "name");
                    add(secrets, driver.getValue(), "nodePublishSecretRef", "name");
                });
        add(secrets, volume, "azureFile", "secretName");
    }

    private static void add(Set<String> names, JsonNode from, String... path) {
        String name = Trees.text(from, path);
        if (!name.isEmpty()) {
            names.add(name);
        }
    }
}
