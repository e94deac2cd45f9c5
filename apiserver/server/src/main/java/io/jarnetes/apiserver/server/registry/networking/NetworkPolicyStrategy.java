package io.jarnetes.apiserver.server.registry.networking;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.services.AddressRange;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** NetworkPolicies. */
public final class NetworkPolicyStrategy implements Strategy {

    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
    private static final List<String> TYPES = List.of("Ingress", "Egress");

    @Override
    public void validate(ObjectNode policy, FieldErrors errors) {
        JsonNode spec = policy.path("spec");
        SelectorRules.validate(spec.path("podSelector"), "spec.podSelector", errors);
        rules(spec.path("ingress"), "from", "spec.ingress", errors);
        rules(spec.path("egress"), "to", "spec.egress", errors);
        JsonNode types = spec.path("policyTypes");
        if (types.size() > TYPES.size()) {
            errors.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            String type = types.path(i).asString("");
            if (!TYPES.contains(type)) {
                errors.notSupported("spec.policyTypes[" + i + "]", type, TYPES);
            }
        }
    }

    @Override
    public void validateUpdate(ObjectNode policy, ObjectNode old, FieldErrors errors) {
        validate(policy, errors);
    }

    private static void rules(JsonNode rules, String peers, String path, FieldErrors errors) {
        for (int i = 0; i < rules.size(); i++) {
            String at = path + "[" + i + "]";
            JsonNode ports = rules.path(i).path("ports");
            for (int j = 0; j < ports.size(); j++) {
                port(ports.path(j), at + ".ports[" + j + "]", errors);
            }
            JsonNode list = rules.path(i).path(peers);
            for (int j = 0; j < list.size(); j++) {
                peer(list.path(j), at + "." + peers + "[" + j + "]", errors);
            }
        }
    }

    private static void port(JsonNode port, String at, FieldErrors errors) {
        String protocol = port.path("protocol").asString("");
        if (port.hasNonNull("protocol") && !PROTOCOLS.contains(protocol)) {
            errors.notSupported(at + ".protocol", protocol, PROTOCOLS);
        }
        JsonNode number = port.path("port");
        JsonNode end = port.path("endPort");
        boolean range = end.isNumber();
        if (number.isNumber()) {
            errors.invalid(at + ".port", number, NameRules.portNumber(number.asLong()));
            if (range && end.asLong() < number.asLong()) {
                errors.invalid(at + ".endPort", number, "must be greater than or equal to `port`");
            }
            if (range) {
                errors.invalid(at + ".endPort", end, NameRules.portNumber(end.asLong()));
            }
        } else if (number.isString()) {
            if (range) {
                errors.invalid(
                        at + ".endPort", end, "may not be specified when `port` is non-numeric");
            }
            errors.invalid(at + ".port", number, NameRules.portName(number.asString()));
        } else if (range) {
            errors.invalid(
                    at + ".endPort", end, "may not be specified when `port` is not specified");
        }
    }

    private static void peer(JsonNode peer, String at, FieldErrors errors) {
        int peers = 0;
        for (String selector : List.of("podSelector", "namespaceSelector")) {
            if (peer.hasNonNull(selector)) {
                peers++;
                SelectorRules.validate(peer.path(selector), at + "." + selector, errors);
            }
        }
        boolean block = peer.hasNonNull("ipBlock");
        if (block) {
            peers++;
            block(peer.path("ipBlock"), at + ".ipBlock", errors);
        }
        if (peers == 0) {
            errors.required(at, "must specify a peer");
        } else if (peers > 1 && block) {
            errors.forbidden(at, "may not specify both ipBlock and another peer");
        }
    }

    private static void block(JsonNode block, String at, FieldErrors errors) {
        String cidr = block.path("cidr").asString("");
        if (cidr.isEmpty()) {
            errors.required(at + ".cidr", "");
            return;
        }
        List<String> complaints = NameRules.cidr(cidr);
        errors.invalid(at + ".cidr", cidr, NameRules.strictCidr(cidr));
        JsonNode excepts = block.path("except");
        for (int i = 0; complaints.isEmpty() && i < excepts.size(); i++) {
            String except = excepts.path(i).asString("");
            List<String> wrong = NameRules.cidr(except);
            errors.invalid(at + ".except[" + i + "]", except, wrong);
            if (wrong.isEmpty()
                    && !AddressRange.parse(cidr).strictlyContains(AddressRange.parse(except))) {
                errors.invalid(
                        at + ".except[" + i + "]", except, "must be a strict subset of `cidr`");
            }
        }
    }
}
