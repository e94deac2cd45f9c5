package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.storage.EtcdKv;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The addresses of the {@code kubernetes} Service: those of all apiservers that renewed their key
 * {@code masterleases/IP} within the last 15 seconds (upstream's lease reconciler).
 */
final class KubernetesEndpoints {

    private static final long TTL_SECONDS = 15;
    private static final int PAGE = 500;
    private static final GroupVersionKind ENDPOINTS = new GroupVersionKind("", "v1", "Endpoints");
    private static final String DISCOVERY = "discovery.k8s.io";

    private final EtcdKv kv;
    private final TreeCodec codec;
    private final MediaType stored;
    private final String prefix;
    private final Seeder seeder;
    private final String address;
    private final int port;
    private boolean stopped;

    /**
     * @param stored what keys are written in; all are read
     * @param prefix of all keys, {@code /registry/}
     * @param address where clients reach this apiserver
     */
    KubernetesEndpoints(
            EtcdKv kv,
            TreeCodec codec,
            MediaType stored,
            String prefix,
            Seeder seeder,
            String address,
            int port) {
        this.stored = stored;
        this.kv = kv;
        this.codec = codec;
        this.prefix = prefix + "masterleases/";
        this.seeder = seeder;
        this.address = address;
        this.port = port;
    }

    /** Renews this server's key and brings the addresses up to date. */
    synchronized void renew() {
        if (stopped) {
            return;
        }
        ObjectNode lease = Trees.object();
        lease.put("apiVersion", "v1").put("kind", "Endpoints").putObject("metadata");
        lease.putArray("subsets").addObject().putArray("addresses").addObject().put("ip", address);
        kv.put(prefix + address, codec.encode(lease, stored), kv.grant(TTL_SECONDS));
        reconcile();
    }

    /** Takes this server's address away, unless it is the only one. */
    synchronized void remove() {
        stopped = true;
        kv.delete(prefix + address);
        reconcile();
    }

    private void reconcile() {
        List<String> addresses = addresses();
        if (addresses.isEmpty()) {
            // Upstream refuses to erase all endpoints of the kubernetes Service, too.
            return;
        }
        ensure("", "endpoints", endpoints(addresses), "subsets");
        ensure(DISCOVERY, "endpointslices", slice(addresses), "endpoints", "ports");
    }

    private List<String> addresses() {
        TreeSet<String> found = new TreeSet<>();
        for (EtcdKv.Kv each : kv.range(prefix, EtcdKv.prefixEnd(prefix), PAGE, 0).kvs()) {
            try {
                JsonNode lease =
                        codec.decode(each.value(), mediaType(each.value()), ENDPOINTS).object();
                for (JsonNode subset : Trees.items(lease, "subsets")) {
                    Trees.items(subset, "addresses")
                            .forEach(item -> found.add(Trees.text(item, "ip")));
                }
            } catch (DecodeException e) {
                // Another apiserver's key that can't be read names itself all the same.
                found.add(each.key().substring(prefix.length()));
            }
        }
        return List.copyOf(found);
    }

    private static MediaType mediaType(byte[] value) {
        return value.length > 0 && value[0] == '{' ? MediaType.JSON : MediaType.PROTOBUF;
    }

    private void ensure(String group, String resource, ObjectNode wanted, String... fields) {
        ObjectNode found = seeder.get(group, resource, "default", "kubernetes").orElse(null);
        if (found == null) {
            seeder.create(group, resource, wanted);
            return;
        }
        List<String> different = new ArrayList<>();
        for (String field : fields) {
            if (!wanted.path(field).equals(found.path(field))) {
                different.add(field);
            }
        }
        if (!different.isEmpty()) {
            seeder.update(
                    group,
                    resource,
                    "default",
                    "kubernetes",
                    current -> {
                        ObjectNode next = current == null ? wanted : current;
                        different.forEach(field -> next.set(field, wanted.path(field)));
                        return next;
                    });
        }
    }

    private ObjectNode endpoints(List<String> addresses) {
        ObjectNode endpoints = SystemObjects.object("v1", "Endpoints", "default", "kubernetes");
        Trees.child(endpoints, "metadata")
                .putObject("labels")
                .put("endpointslice.kubernetes.io/skip-mirror", "true");
        ObjectNode subset = endpoints.putArray("subsets").addObject();
        ArrayNode list = subset.putArray("addresses");
        addresses.forEach(ip -> list.addObject().put("ip", ip));
        ports(subset);
        return endpoints;
    }

    private ObjectNode slice(List<String> addresses) {
        ObjectNode slice =
                SystemObjects.object(DISCOVERY + "/v1", "EndpointSlice", "default", "kubernetes");
        Trees.child(slice, "metadata")
                .putObject("labels")
                .put("kubernetes.io/service-name", "kubernetes");
        slice.put("addressType", address.contains(":") ? "IPv6" : "IPv4");
        ArrayNode list = slice.putArray("endpoints");
        for (String ip : addresses) {
            ObjectNode endpoint = list.addObject();
            endpoint.putArray("addresses").add(ip);
            endpoint.putObject("conditions").put("ready", true);
        }
        ports(slice);
        return slice;
    }

    private void ports(ObjectNode parent) {
        parent.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", port)
                .put("protocol", "TCP");
    }
}
