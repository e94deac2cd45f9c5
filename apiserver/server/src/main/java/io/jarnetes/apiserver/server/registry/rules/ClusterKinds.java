package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Nodes, ingress classes, addresses and ranges of Services. */
final class ClusterKinds {

    private static final List<String> EFFECTS =
            List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final int MAX_CONTROLLER = 250;

    private ClusterKinds() {}

    static void node(Field node) {
        taints(node);
        resources(node);
        Field ranges = node.at("spec").at("podCIDRs");
        ranges.items().forEach(range -> range.follows(NameRules::cidr));
        long families =
                ranges.items().stream().map(each -> each.text().contains(":")).distinct().count();
        if (ranges.value().size() > 1 && (families < 2 || ranges.value().size() > 2)) {
            ranges.invalid("may specify no more than one CIDR for each IP family");
        }
    }

    /** A node's range has an older field, which counts where both are there and differ. */
    static void settleRanges(ObjectNode node) {
        if (!(node.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        String one = spec.path("podCIDR").asString("");
        JsonNode all = spec.path("podCIDRs");
        if (!one.isEmpty() && !one.equals(all.path(0).asString(""))) {
            spec.putArray("podCIDRs").add(one);
        } else if (one.isEmpty() && !all.isEmpty()) {
            spec.put("podCIDR", all.path(0).asString(""));
        }
    }

    /** Upstream calls the place metadata.taints. */
    private static void taints(Field node) {
        Set<List<String>> seen = new HashSet<>();
        Field taints = node.at("spec").at("taints").called("metadata.taints");
        for (Field taint : taints.items()) {
            taint.at("key").follows(NameRules::qualifiedName);
            List<String> complaints = NameRules.labelValue(taint.at("value").text());
            if (!complaints.isEmpty()) {
                taint.at("value").invalid(String.join(";", complaints));
            }
            taint.at("effect").oneOf(EFFECTS);
            if (!seen.add(List.of(taint.at("key").text(), taint.at("effect").text()))) {
                FieldError twice =
                        FieldError.duplicate(taint.path(), InternalForm.of("Taint", taint.value()));
                taint.errors().add(twice.with("taints must be unique by key and effect pair"));
            }
        }
    }

    private static void resources(Field node) {
        for (String list : List.of("capacity", "allocatable")) {
            node.at("status")
                    .at(list)
                    .entries()
                    .forEach((name, amount) -> {
                        Quantity quantity = amount.quantity();
                        Field at = amount.called("status." + list + "." + name);
                        if (quantity != null && quantity.compareTo(Quantity.ZERO) < 0) {
                            at.errors().invalid(at.path(), quantity.toString(), Field.NEGATIVE);
                        }
                    });
        }
    }

    /** Upstream asks about all of it, then about the change, taints in both. */
    static void nodeUpdate(Field node, JsonNode old) {
        nodeStatus(node, old);
        node(node);
    }

    static void nodeStatus(Field node, JsonNode old) {
        resources(node);
        Set<JsonNode> addresses = new HashSet<>();
        for (Field address : node.at("status").at("addresses").items()) {
            if (!addresses.add(address.value())) {
                address.errors()
                        .duplicate(address.path(), InternalForm.of("NodeAddress", address.value()));
            }
        }
        Field spec = node.at("spec");
        JsonNode ranges = old.path("spec").path("podCIDRs");
        if (!ranges.isEmpty() && !ranges.equals(spec.at("podCIDRs").value())) {
            spec.at("podCIDRs")
                    .forbidden("node updates may not change podCIDR except from \"\" to valid");
        }
        String provider = old.path("spec").path("providerID").asString("");
        if (!provider.isEmpty() && !provider.equals(spec.at("providerID").text())) {
            spec.at("providerID")
                    .forbidden("node updates may not change providerID except from \"\" to valid");
        }
        taints(node);
    }

    static void ingressClass(Field object) {
        Field controller = object.at("spec").at("controller");
        if (controller.text().length() > MAX_CONTROLLER) {
            controller.errors().add(FieldError.tooLong(controller.path(), MAX_CONTROLLER));
        }
        prefixedPath(controller);
        Field parameters = object.at("spec").at("parameters");
        if (parameters.set()) {
            parameters(parameters);
        }
    }

    /** {@code example.com/some/path}. */
    private static void prefixedPath(Field path) {
        if (path.empty()) {
            path.required("");
            return;
        }
        String[] parts = path.text().split("/", 2);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            path.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        path.errors().invalid(path.path(), parts[0], NameRules.dns1123Subdomain(parts[0]));
        path.errors().invalid(path.path(), parts[1], NameRules.httpPath(parts[1]));
    }

    private static void parameters(Field parameters) {
        if (parameters.at("apiGroup").set()) {
            parameters.at("apiGroup").follows(NameRules::dns1123Subdomain);
        }
        parameters.at("kind").needed(text -> NameRules.pathSegment(text, false));
        parameters.at("name").needed(text -> NameRules.pathSegment(text, false));
        Field scope = parameters.at("scope");
        Field namespace = parameters.at("namespace");
        switch (scope.text()) {
            case "Namespace" -> {
                if (!namespace.set()) {
                    namespace.required("`parameters.scope` is set to 'Namespace'");
                } else {
                    namespace.follows(NameRules::dns1123Label);
                }
            }
            case "Cluster" -> {
                if (namespace.set()) {
                    namespace.forbidden("`parameters.scope` is set to 'Cluster'");
                }
            }
            default -> scope.oneOf(List.of("Cluster", "Namespace"));
        }
    }

    static void ingressClassUpdate(Field object, JsonNode old) {
        object.at("spec").at("controller").unchanged(old.path("spec").path("controller"));
        ingressClass(object);
    }

    static void ipAddress(Field object) {
        object.at("metadata").at("name").follows(NameRules::ip);
        Field parent = object.at("spec").at("parentRef");
        if (!parent.set()) {
            parent.required("");
            return;
        }
        if (!parent.at("group").empty()) {
            parent.at("group").follows(NameRules::dns1123Subdomain);
        }
        parent.at("resource").needed(text -> NameRules.pathSegment(text, false));
        parent.at("name").needed(text -> NameRules.pathSegment(text, false));
        parent.at("namespace").follows(text -> NameRules.pathSegment(text, false));
    }

    static void ipAddressUpdate(Field object, JsonNode old) {
        object.at("spec")
                .at("parentRef")
                .unchanged(old.path("spec").path("parentRef"), "ParentReference");
    }

    static void serviceRange(Field object) {
        Field ranges = object.at("spec").at("cidrs");
        if (ranges.empty()) {
            ranges.required("at least one CIDR required");
            return;
        }
        if (ranges.value().size() > 2) {
            ranges.errors()
                    .invalid(
                            ranges.path(),
                            InternalForm.of("ServiceCIDRSpec", object.at("spec").value()),
                            "may only hold up to 2 values");
            return;
        }
        ranges.items().forEach(range -> range.follows(NameRules::strictCidr));
        if (ranges.value().size() == 2
                && ranges.items().stream().allMatch(each -> NameRules.cidr(each.text()).isEmpty())
                && ranges.items().getFirst().text().contains(":")
                        == ranges.items().getLast().text().contains(":")) {
            ranges.invalid(
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and"
                            + " 2001:db8::/64");
        }
    }

    static void serviceRangeUpdate(Field object, JsonNode old) {
        Field ranges = object.at("spec").at("cidrs");
        JsonNode before = old.path("spec").path("cidrs");
        int size = ranges.value().size();
        boolean grows = before.size() == 1 && size == 2;
        if (size != before.size() && !grows) {
            ranges.invalid(Field.IMMUTABLE);
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            ranges.items().get(i).unchanged(before.path(i));
        }
        if (grows) {
            serviceRange(object);
        }
    }
}
