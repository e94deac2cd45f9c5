package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.NodeLabels;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of {@code storage.k8s.io}. */
final class StorageKinds {

    private static final int MAX_PARAMETERS = 512;
    private static final int MAX_PARAMETER_BYTES = 256 * 1024;
    private static final int MAX_NODE_ID = 256;
    private static final long MIN_TOKEN_SECONDS = 600;
    private static final long MAX_TOKEN_SECONDS = 1L << 32;

    private StorageKinds() {}

    static void storageClass(Field object) {
        provisioner(object.at("provisioner"));
        parameters(object.at("parameters"));
        if (!object.at("reclaimPolicy").empty()) {
            object.at("reclaimPolicy").supported(List.of("Delete", "Retain"));
        }
        object.at("volumeBindingMode").oneOf(List.of("Immediate", "WaitForFirstConsumer"));
        for (Field term : object.at("allowedTopologies").items()) {
            Set<String> keys = new HashSet<>();
            for (Field requirement : term.at("matchLabelExpressions").items()) {
                requirement(requirement, keys);
            }
        }
    }

    private static void requirement(Field requirement, Set<String> keys) {
        requirement.at("values").needed();
        Set<String> values = new HashSet<>();
        for (Field value : requirement.at("values").items()) {
            if (!values.add(value.text())) {
                value.duplicate();
            }
        }
        requirement.at("key").follows(NameRules::qualifiedName);
        if (!keys.add(requirement.at("key").text())) {
            requirement.at("key").duplicate();
        }
    }

    static void storageClassUpdate(Field object, JsonNode old) {
        for (String field :
                List.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")) {
            object.at(field).unchanged(old.path(field));
        }
    }

    private static void provisioner(Field name) {
        if (name.empty()) {
            name.required("");
            return;
        }
        String lower = name.text().toLowerCase(Locale.ROOT);
        name.errors().invalid(name.path(), lower, NameRules.qualifiedName(lower));
    }

    private static void parameters(Field parameters) {
        if (parameters.value().size() > MAX_PARAMETERS) {
            parameters.errors().add(FieldError.tooLong(parameters.path(), MAX_PARAMETERS));
            return;
        }
        long bytes = 0;
        for (var each : Meta.stringMap(parameters.value()).entrySet()) {
            if (each.getKey().isEmpty()) {
                parameters.errors().invalid(parameters.path(), "", "field can not be empty.");
            }
            bytes += each.getKey().length() + each.getValue().length();
        }
        if (bytes > MAX_PARAMETER_BYTES) {
            parameters.errors().add(FieldError.tooLong(parameters.path(), MAX_PARAMETER_BYTES));
        }
    }

    static void attributesClass(Field object) {
        provisioner(object.at("driverName"));
        parameters(object.at("parameters"));
        if (object.at("parameters").empty()) {
            object.at("parameters").required("must contain at least one key/value pair");
        }
    }

    static void attributesClassUpdate(Field object, JsonNode old) {
        for (String field : List.of("driverName", "parameters")) {
            if (!Meta.semanticallyEqual(object.at(field).value(), old.path(field))) {
                object.at(field).forbidden("updates to " + field + " are forbidden.");
            }
        }
        attributesClass(object);
    }

    static void attachment(Field object) {
        Field spec = object.at("spec");
        VolumeKinds.driver(spec.at("attacher"));
        Field source = spec.at("source");
        Field name = source.at("persistentVolumeName");
        boolean inline = source.at("inlineVolumeSpec").set();
        String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        if (!inline && !name.set()) {
            source.required(one);
        } else if (inline && name.set()) {
            source.forbidden(one);
        } else if (name.set() && name.empty()) {
            name.required("must specify non empty persistentVolumeName");
        }
        spec.at("nodeName").follows(NameRules::dns1123Subdomain);
        if (name.set()) {
            name.follows(NameRules::dns1123Subdomain);
        }
    }

    static void attachmentUpdate(Field object, JsonNode old) {
        attachment(object);
        object.at("spec").unchanged(old.path("spec"), "VolumeAttachmentSpec");
    }

    static void node(Field object) {
        Set<String> names = new HashSet<>();
        for (Field driver : object.at("spec").at("drivers").items()) {
            VolumeKinds.driver(driver.at("name"));
            driver.at("nodeID").needed();
            if (driver.at("nodeID").text().length() > MAX_NODE_ID) {
                driver.at("nodeID").invalid("must be " + MAX_NODE_ID + " characters or less");
            }
            driver.at("allocatable").at("count").nonNegative();
            if (!names.add(driver.at("name").text())) {
                driver.at("name").duplicate();
            }
            Set<String> keys = new HashSet<>();
            for (Field key : driver.at("topologyKeys").items()) {
                // Upstream names the driver, not its key.
                Field at = key.called(driver.path());
                at.needed();
                if (!keys.add(key.text())) {
                    at.duplicate();
                }
                at.follows(NameRules::qualifiedName);
            }
        }
    }

    static void nodeUpdate(Field object, JsonNode old) {
        node(object);
        for (JsonNode before : old.path("spec").path("drivers")) {
            for (Field driver : object.at("spec").at("drivers").items()) {
                if (driver.at("name").text().equals(before.path("name").asString(""))) {
                    new Field(unallocated(driver.value()), "spec.drivers", object.errors())
                            .unchanged(unallocated(before), "CSINodeDriver");
                }
            }
        }
    }

    private static JsonNode unallocated(JsonNode driver) {
        JsonNode copy = driver.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove("allocatable");
        }
        return copy;
    }

    static void driver(Field object) {
        Field spec = object.at("spec");
        spec.at("fsGroupPolicy").supported(List.of("File", "None", "ReadWriteOnceWithFSType"));
        tokens(spec.at("tokenRequests"));
        List<String> modes = List.of("Persistent", "Ephemeral");
        for (Field mode : spec.at("volumeLifecycleModes").items()) {
            mode.called(spec.path() + ".volumeLifecycleModes").supported(modes);
        }
        Field period = spec.at("nodeAllocatableUpdatePeriodSeconds");
        if (period.set() && period.number() < 10) {
            period.invalid("must be greater than or equal to 10 seconds");
        }
        if (spec.at("serviceAccountTokenInSecrets").set() && spec.at("tokenRequests").empty()) {
            spec.at("serviceAccountTokenInSecrets")
                    .invalid(
                            "serviceAccountTokenInSecrets is set but no tokenRequests are"
                                    + " specified");
        }
    }

    private static void tokens(Field requests) {
        Set<String> audiences = new HashSet<>();
        for (Field request : requests.items()) {
            if (!audiences.add(request.at("audience").text())) {
                request.errors()
                        .duplicate(request.path() + ".audience", request.at("audience").text());
                continue;
            }
            Field seconds = request.at("expirationSeconds");
            if (seconds.set() && seconds.number() < MIN_TOKEN_SECONDS) {
                seconds.invalid("may not specify a duration less than 10 minutes");
            } else if (seconds.number() > MAX_TOKEN_SECONDS) {
                seconds.invalid("may not specify a duration larger than 2^32 seconds");
            }
        }
    }

    static void driverUpdate(Field object, JsonNode old) {
        driver(object);
        Field spec = object.at("spec");
        spec.at("attachRequired")
                .called("spec.attachedRequired")
                .unchanged(old.path("spec").path("attachRequired"));
        spec.at("volumeLifecycleModes").unchanged(old.path("spec").path("volumeLifecycleModes"));
    }

    static List<String> driverWarnings(JsonNode object) {
        JsonNode spec = object.path("spec");
        return spec.path("tokenRequests").isEmpty()
                        || spec.hasNonNull("serviceAccountTokenInSecrets")
                ? List.of()
                : List.of(
                        "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI"
                                + " driver, set to true to prevent possible logging of tokens in"
                                + " volume attributes");
    }

    static void capacity(Field object) {
        if (object.at("nodeTopology").set()) {
            SelectorRules.validate(
                    object.at("nodeTopology").value(), "nodeTopology", object.errors());
        }
        object.at("storageClassName").follows(NameRules::dns1123Subdomain);
        Quantity amount = object.at("capacity").quantity();
        if (amount != null && amount.compareTo(Quantity.ZERO) < 0) {
            object.at("capacity").invalid(Field.NEGATIVE);
        }
    }

    static void capacityUpdate(Field object, JsonNode old) {
        capacity(object);
        object.at("nodeTopology").unchanged(old.path("nodeTopology"));
        object.at("storageClassName").unchanged(old.path("storageClassName"));
    }

    /** Labels of nodes that have other names now. */
    static List<String> classWarnings(JsonNode object) {
        List<String> warnings = new ArrayList<>();
        JsonNode terms = object.path("allowedTopologies");
        for (int i = 0; i < terms.size(); i++) {
            JsonNode expressions = terms.path(i).path("matchLabelExpressions");
            for (int j = 0; j < expressions.size(); j++) {
                String at = "allowedTopologies[" + i + "].matchLabelExpressions[" + j + "].key";
                String message =
                        NodeLabels.deprecation(expressions.path(j).path("key").asString(""));
                if (!message.isEmpty()) {
                    warnings.add(at + ": " + message);
                }
            }
        }
        return warnings;
    }
}
