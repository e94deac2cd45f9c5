package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Rows of Services, Ingresses and what is behind them. */
final class NetworkPrinters {
    private static final int SHOWN = 3;

    private NetworkPrinters() {}

    static void addTo(Map<String, Consumer<Row>> printers) {
        printers.put("Service", NetworkPrinters::service);
        printers.put("Ingress", NetworkPrinters::ingress);
        printers.put("IngressClass", NetworkPrinters::ingressClass);
        printers.put("NetworkPolicy", NetworkPrinters::networkPolicy);
        printers.put("Endpoints", NetworkPrinters::endpoints);
        printers.put("EndpointSlice", NetworkPrinters::endpointSlice);
        printers.put("IPAddress", NetworkPrinters::ipAddress);
        printers.put("ServiceCIDR", r -> r.name().text(r.strings("/spec/cidrs", ",")).age());
    }

    private static void service(Row row) {
        String ports =
                row.items("/spec/ports").stream()
                        .map(NetworkPrinters::port)
                        .collect(Collectors.joining(","));
        row.name()
                .text(row.str("/spec/type"))
                .text(row.str("/spec/clusterIPs/0", Row.NONE))
                .text(externalIps(row))
                .text(ports.isEmpty() ? Row.NONE : ports)
                .age()
                .text(Labels.of(row.at("/spec/selector")));
    }

    private static String port(JsonNode port) {
        long nodePort = port.path("nodePort").asLong(0);
        return port.path("port").asLong(0)
                + (nodePort > 0 ? ":" + nodePort : "")
                + "/"
                + port.path("protocol").asString("");
    }

    private static String externalIps(Row row) {
        String external = row.strings("/spec/externalIPs", ",");
        return switch (row.str("/spec/type")) {
            case "ClusterIP", "NodePort" -> external.isEmpty() ? Row.NONE : external;
            case "LoadBalancer" -> {
                List<String> all = new ArrayList<>(balancers(row));
                row.items("/spec/externalIPs").forEach(ip -> all.add(ip.asString("")));
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            case "ExternalName" -> row.str("/spec/externalName");
            default -> "<unknown>";
        };
    }

    private static TreeSet<String> balancers(Row row) {
        TreeSet<String> sorted = new TreeSet<>();
        for (JsonNode ingress : row.items("/status/loadBalancer/ingress")) {
            String address =
                    Row.firstNonEmpty(
                            ingress.path("ip").asString(""), ingress.path("hostname").asString(""));
            if (!address.isEmpty()) {
                sorted.add(address);
            }
        }
        return sorted;
    }

    private static void ingress(Row row) {
        row.name()
                .text(row.str("/spec/ingressClassName", Row.NONE))
                .text(hosts(row))
                .text(String.join(",", balancers(row)))
                .text(row.items("/spec/tls").isEmpty() ? "80" : "80, 443")
                .age();
    }

    /** Upstream counts rules, not hosts, once it has shown three hosts. */
    private static String hosts(Row row) {
        List<String> shown = new ArrayList<>();
        List<JsonNode> rules = row.items("/spec/rules");
        boolean more = false;
        for (JsonNode rule : rules) {
            more |= shown.size() == SHOWN;
            String host = rule.path("host").asString("");
            if (!more && !host.isEmpty()) {
                shown.add(host);
            }
        }
        String text = shown.isEmpty() ? "*" : String.join(",", shown);
        return more ? text + " + " + (rules.size() - SHOWN) + " more..." : text;
    }

    private static void ingressClass(Row row) {
        boolean isDefault =
                row.at("/metadata/annotations")
                        .path("ingressclass.kubernetes.io/is-default-class")
                        .asString("")
                        .equals("true");
        String parameters = Row.NONE;
        if (row.at("/spec/parameters").isObject()) {
            String group = row.str("/spec/parameters/apiGroup");
            parameters =
                    row.str("/spec/parameters/kind")
                            + (row.at("/spec/parameters").has("apiGroup") ? "." + group : "")
                            + "/"
                            + row.str("/spec/parameters/name");
        }
        row.text(row.str("/metadata/name") + (isDefault ? " (default)" : ""))
                .text(row.str("/spec/controller"))
                .text(parameters)
                .age();
    }

    private static void networkPolicy(Row row) {
        row.name().text(Labels.selectorOrNone(row.at("/spec/podSelector"))).age();
    }

    private static void endpoints(Row row) {
        List<String> all = new ArrayList<>();
        List<JsonNode> subsets = row.items("/subsets");
        for (JsonNode subset : subsets) {
            List<JsonNode> ports = subset.path("ports").valueStream().toList();
            for (int i = 0; i < Math.max(1, ports.size()); i++) {
                for (JsonNode address : subset.path("addresses")) {
                    String ip = address.path("ip").asString("");
                    all.add(ports.isEmpty() ? ip : hostPort(ip, ports.get(i)));
                }
            }
        }
        row.name().text(Row.some(all, SHOWN, ",", subsets.isEmpty() ? Row.NONE : "")).age();
    }

    private static String hostPort(String ip, JsonNode port) {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port.path("port").asLong(0);
    }

    private static void endpointSlice(Row row) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : row.items("/ports")) {
            ports.add(
                    port.has("port")
                            ? String.valueOf(port.path("port").asLong())
                            : port.path("name").asString("*"));
        }
        List<String> addresses = new ArrayList<>();
        for (JsonNode endpoint : row.items("/endpoints")) {
            endpoint.path("addresses").forEach(a -> addresses.add(a.asString("")));
        }
        row.name()
                .text(row.str("/addressType"))
                .text(Row.some(ports, SHOWN, ",", Row.UNSET))
                .text(Row.some(addresses, SHOWN, ",", Row.UNSET))
                .age();
    }

    private static void ipAddress(Row row) {
        String parent = Row.NONE;
        if (row.at("/spec/parentRef").isObject()) {
            String group = row.str("/spec/parentRef/group");
            String resource = row.str("/spec/parentRef/resource");
            String namespace = row.str("/spec/parentRef/namespace");
            parent =
                    (group.isEmpty() ? resource : resource + "." + group).toLowerCase(Locale.ROOT)
                            + (namespace.isEmpty() ? "" : "/" + namespace)
                            + "/"
                            + row.str("/spec/parentRef/name");
        }
        row.name().text(parent).age();
    }
}
