package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.IpAddress;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints and EndpointSlices. */
final class EndpointKinds {

    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final int MAX_ENDPOINTS = 1000;
    private static final int MAX_PORTS = 20_000;
    private static final int MAX_ADDRESSES = 100;

    private EndpointKinds() {}

    static void endpoints(Field object) {
        for (Field subset : object.at("subsets").items()) {
            if (subset.at("addresses").empty() && subset.at("notReadyAddresses").empty()) {
                subset.required("must specify `addresses` or `notReadyAddresses`");
            }
            subset.at("addresses").items().forEach(EndpointKinds::address);
            subset.at("notReadyAddresses").items().forEach(EndpointKinds::address);
            boolean named = subset.at("ports").value().size() > 1;
            subset.at("ports").items().forEach(port -> port(port, named));
        }
    }

    private static void address(Field address) {
        address.at("ip").follows(NameRules::ip);
        if (!address.at("hostname").empty()) {
            address.at("hostname").follows(NameRules::dns1123Label);
        }
        if (address.at("nodeName").set()) {
            address.at("nodeName").follows(NameRules::dns1123Subdomain);
        }
        reachable(address.at("ip"));
    }

    /** Not everything that is an address is one of an endpoint. */
    private static void reachable(Field ip) {
        InetAddress address = parse(ip.text());
        if (address == null) {
            ip.invalid("must be a valid IP address");
            return;
        }
        if (address.isAnyLocalAddress()) {
            ip.invalid("may not be unspecified (" + ip.text() + ")");
        }
        if (address.isLoopbackAddress()) {
            ip.invalid("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.isLinkLocalAddress()) {
            ip.invalid("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (address.isMCLinkLocal()) {
            ip.invalid("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    private static @Nullable InetAddress parse(String text) {
        byte[] bytes = IpAddress.bytes(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static void port(Field port, boolean named) {
        Field name = port.at("name");
        if (!name.empty()) {
            name.follows(NameRules::dns1123Label);
        } else if (named) {
            name.required("");
        }
        port.at("port").port();
        port.at("protocol").oneOf(PROTOCOLS);
        if (port.at("appProtocol").set()) {
            port.at("appProtocol").follows(NameRules::qualifiedName);
        }
    }

    static void slice(Field object) {
        Field type = object.at("addressType");
        type.oneOf(List.of("FQDN", "IPv4", "IPv6"));
        slicePorts(object.at("ports"));
        Field endpoints = object.at("endpoints");
        if (endpoints.value().size() > MAX_ENDPOINTS) {
            endpoints
                    .errors()
                    .add(
                            FieldError.tooMany(
                                    endpoints.path(), endpoints.value().size(), MAX_ENDPOINTS));
            return;
        }
        endpoints.items().forEach(endpoint -> endpoint(endpoint, type.text()));
    }

    static List<String> sliceWarnings(JsonNode slice) {
        return slice.path("addressType").asString("").equals("FQDN")
                ? List.of("spec.addressType: FQDN endpoints are deprecated")
                : List.of();
    }

    private static void slicePorts(Field ports) {
        if (ports.value().size() > MAX_PORTS) {
            ports.errors().add(FieldError.tooMany(ports.path(), ports.value().size(), MAX_PORTS));
            return;
        }
        Set<String> names = new HashSet<>();
        for (Field port : ports.items()) {
            Field name = port.at("name");
            if (!name.empty()) {
                name.follows(NameRules::dns1123Label);
            }
            if (!names.add(name.text())) {
                name.errors().duplicate(name.path(), name.text());
            }
            port.at("protocol").oneOf(PROTOCOLS);
            if (port.at("appProtocol").set()) {
                port.at("appProtocol").follows(NameRules::qualifiedName);
            }
        }
    }

    private static void endpoint(Field endpoint, String type) {
        Field addresses = endpoint.at("addresses");
        int size = addresses.value().size();
        if (size == 0) {
            addresses.required("must contain at least 1 address");
        } else if (size > MAX_ADDRESSES) {
            addresses.errors().add(FieldError.tooMany(addresses.path(), size, MAX_ADDRESSES));
        }
        for (Field address : addresses.items()) {
            switch (type) {
                case "IPv4", "IPv6" -> ofFamily(address, addresses.path(), type);
                case "FQDN" -> address.follows(NameRules::dns1123Subdomain);
                default -> {}
            }
        }
        if (endpoint.at("nodeName").set()) {
            endpoint.at("nodeName").follows(NameRules::dns1123Subdomain);
        }
        if (endpoint.at("hostname").set()) {
            endpoint.at("hostname").follows(NameRules::dns1123Label);
        }
    }

    private static void ofFamily(Field address, String list, String type) {
        if (!NameRules.ip(address.text()).isEmpty()) {
            address.follows(NameRules::ip);
            return;
        }
        if (address.text().contains(":") != type.equals("IPv6")) {
            address.called(list).invalid("must be an " + type + " address");
        }
        reachable(address);
    }

    static void sliceUpdate(Field object, JsonNode old) {
        if (Meta.semanticallyEqual(object.at("endpoints").value(), old.path("endpoints"))) {
            // What is there already may stay.
            ObjectNode without = ((ObjectNode) object.value()).deepCopy();
            without.remove("endpoints");
            slice(new Field(without, object.path(), object.errors()));
        } else {
            slice(object);
        }
        object.at("addressType").unchanged(old.path("addressType"));
    }
}
