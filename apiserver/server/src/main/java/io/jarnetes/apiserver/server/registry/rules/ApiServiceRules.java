package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** APIServices: called by their version and group, in an order that two numbers say. */
public final class ApiServiceRules {

    private static final int MAX_GROUP_PRIORITY = 20_000;
    private static final int MAX_VERSION_PRIORITY = 1000;

    private ApiServiceRules() {}

    /** Complains about a new or changed one. */
    public static void validate(JsonNode service, FieldErrors errors) {
        Field object = new Field(service, "", errors);
        Field spec = object.at("spec");
        Field group = spec.at("group");
        Field version = spec.at("version");
        String name = version.text() + "." + group.text();
        if (!object.at("metadata").at("name").text().equals(name)) {
            object.at("metadata")
                    .at("name")
                    .invalid("must be `spec.version+\".\"+spec.group`: \"" + name + "\"");
        }
        if (!group.empty()) {
            group.follows(NameRules::dns1123Subdomain);
        } else if (!version.text().equals("v1")) {
            group.required("only v1 may have an empty group and it better be legacy kube");
        }
        version.follows(NameRules::dns1035Label);
        priority(spec.at("groupPriorityMinimum"), MAX_GROUP_PRIORITY);
        priority(spec.at("versionPriority"), MAX_VERSION_PRIORITY);
        if (spec.at("service").set()) {
            service(spec);
        } else {
            local(spec);
        }
    }

    private static void priority(Field priority, int max) {
        if (priority.number() <= 0 || priority.number() > max) {
            priority.errors()
                    .invalid(
                            priority.path(),
                            priority.number(),
                            "must be positive and less than " + max);
        }
    }

    private static void local(Field spec) {
        Field bundle = spec.at("caBundle");
        if (!bundle.empty()) {
            int bytes = bundle.text().replaceAll("=+$", "").length() * 3 / 4;
            bundle.errors()
                    .invalid(
                            bundle.path(),
                            bytes + " bytes",
                            "local APIServices may not have a caBundle");
        }
        if (spec.at("insecureSkipTLSVerify").flag()) {
            spec.at("insecureSkipTLSVerify")
                    .invalid("local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void service(Field spec) {
        Field service = spec.at("service");
        service.at("namespace").needed();
        service.at("name").needed();
        Field port = service.at("port");
        List<String> complaints = NameRules.portNumber(port.number());
        if (!complaints.isEmpty()) {
            port.invalid("port is not valid: " + String.join(", ", complaints));
        }
        if (spec.at("insecureSkipTLSVerify").flag() && !spec.at("caBundle").empty()) {
            spec.at("insecureSkipTLSVerify").invalid("may not be true if caBundle is present");
        }
    }
}
