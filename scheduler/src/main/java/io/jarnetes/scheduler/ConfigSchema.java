package io.jarnetes.scheduler;

import io.jarnetes.base.flags.GoValues;
import io.jarnetes.kubeclient.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a KubeSchedulerConfiguration and their Go types, which Go's decoder names in its
 * errors. A wrong type ends it at once; unknown fields are told together.
 */
final class ConfigSchema {

    private static final String ROOT = "KubeSchedulerConfiguration";

    /** A struct a line: its name, then fields and types by turns. */
    private static final String STRUCTS =
            """
            KubeSchedulerConfiguration apiVersion string kind string parallelism int32 \
            leaderElection v1alpha1.LeaderElectionConfiguration \
            clientConnection v1alpha1.ClientConnectionConfiguration \
            enableProfiling bool enableContentionProfiling bool percentageOfNodesToScore int32 \
            podInitialBackoffSeconds int64 podMaxBackoffSeconds int64 \
            profiles []v1.KubeSchedulerProfile extenders []v1.Extender delayCacheUntilActive bool
            LeaderElectionConfiguration leaderElect bool leaseDuration duration \
            renewDeadline duration retryPeriod duration resourceLock string resourceName string \
            resourceNamespace string
            ClientConnectionConfiguration kubeconfig string acceptContentTypes string \
            contentType string qps float32 burst int32
            KubeSchedulerProfile schedulerName string percentageOfNodesToScore int32 \
            plugins v1.Plugins pluginConfig []v1.PluginConfig
            Plugins preEnqueue v1.PluginSet queueSort v1.PluginSet preFilter v1.PluginSet \
            filter v1.PluginSet postFilter v1.PluginSet preScore v1.PluginSet score v1.PluginSet \
            reserve v1.PluginSet permit v1.PluginSet preBind v1.PluginSet bind v1.PluginSet \
            postBind v1.PluginSet multiPoint v1.PluginSet placementGenerate v1.PluginSet \
            placementScore v1.PluginSet
            PluginSet enabled []v1.Plugin disabled []v1.Plugin
            Plugin name string weight int32
            PluginConfig name string args any
            Extender urlPrefix string filterVerb string preemptVerb string prioritizeVerb string \
            weight int64 bindVerb string enableHTTPS bool tlsConfig v1.ExtenderTLSConfig \
            httpTimeout duration nodeCacheCapable bool \
            managedResources []v1.ExtenderManagedResource ignorable bool
            ExtenderManagedResource name string ignoredByScheduler bool
            ExtenderTLSConfig insecure bool serverName string certFile string keyFile string \
            caFile string certData string keyData string caData string
            """;

    private final Map<String, Map<String, String>> structs = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();

    private ConfigSchema() {
        for (String line : STRUCTS.lines().toList()) {
            String[] words = line.split(" ");
            Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 1; i < words.length; i += 2) {
                fields.put(words[i], words[i + 1]);
            }
            structs.put(words[0], fields);
        }
    }

    /**
     * @return the unknown fields, as Go's strict decoder says it; empty if there are none
     * @throws IOException where a value isn't of its field's type
     */
    static List<String> unknown(JsonNode tree) throws IOException {
        ConfigSchema schema = new ConfigSchema();
        schema.object(tree, ROOT, "", "");
        return schema.unknown;
    }

    /**
     * @param names the fields that lead here, as errors of types have them
     * @param path the same with places in lists, as unknown fields are told
     */
    private void object(JsonNode tree, String struct, String names, String path)
            throws IOException {
        Map<String, JsonNode> sorted = new TreeMap<>();
        tree.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
            String type = structs.getOrDefault(struct, Map.of()).get(entry.getKey());
            if (type == null) {
                unknown.add("unknown field \"" + path + entry.getKey() + "\"");
            } else if (!entry.getValue().isNull()) {
                String name = names + entry.getKey();
                value(entry.getValue(), type, struct + "." + name, name, path + entry.getKey());
            }
        }
    }

    /**
     * @param field what an error calls it: the struct and the fields that lead there
     */
    private void value(JsonNode value, String type, String field, String names, String path)
            throws IOException {
        if (type.startsWith("[]")) {
            if (!value.isArray()) {
                throw wrong(value, field, type);
            }
            for (int i = 0; i < value.size(); i++) {
                value(value.path(i), type.substring(2), field, names, path + "[" + i + "]");
            }
        } else if (type.contains(".")) {
            if (!value.isObject()) {
                throw wrong(value, field, type);
            }
            String struct = type.substring(type.indexOf('.') + 1);
            object(value, struct, names + ".", path + ".");
        } else if (!scalar(value, type)) {
            throw wrong(value, field, type);
        }
    }

    private static boolean scalar(JsonNode value, String type) throws IOException {
        return switch (type) {
            case "any" -> true;
            case "bool" -> value.isBoolean();
            case "string" -> value.isString();
            case "float32" -> value.isNumber();
            case "int32" -> integer(value, Integer.SIZE);
            case "int64" -> integer(value, Long.SIZE);
            case "duration" -> value.isString() && duration(Json.text(value));
            default -> throw new IllegalStateException("no such type in the schema: " + type);
        };
    }

    private static boolean integer(JsonNode value, int bits) {
        return value.isIntegralNumber() && new BigInteger(value.asString()).bitLength() < bits;
    }

    private static boolean duration(String text) throws IOException {
        try {
            var unused = GoValues.duration(text);
            return true;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static IOException wrong(JsonNode value, String field, String type) {
        String found =
                value.isString()
                        ? "string"
                        : value.isBoolean()
                                ? "bool"
                                : value.isArray()
                                        ? "array"
                                        : value.isObject() ? "object" : "number";
        boolean amount = value.isNumber() && type.startsWith("int");
        return new IOException(
                "json: cannot unmarshal "
                        + found
                        + (amount ? " " + value.asString() : "")
                        + " into Go struct field "
                        + field
                        + " of type "
                        + (type.equals("duration") ? "string" : type));
    }
}
