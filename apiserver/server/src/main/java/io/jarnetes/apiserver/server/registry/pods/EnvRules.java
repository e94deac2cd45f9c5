package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Environment variables and what they are taken from. */
final class EnvRules {

    private static final Pattern NAME = Pattern.compile("[ -<>-~]+");
    private static final String NAME_ERROR =
            "a valid environment variable name must consist only of printable ASCII characters"
                    + " other than '='";
    private static final Pattern SUBSCRIPT = Pattern.compile("(.+)\\['(.+)'\\]");

    /** The pod's fields that the downward API knows at all. */
    private static final List<String> LABELS =
            List.of(
                    "metadata.annotations",
                    "metadata.labels",
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.serviceAccountName",
                    "spec.schedulerName",
                    "status.phase",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");

    private static final List<String> FIELDS =
            List.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.serviceAccountName",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");

    static final List<String> VOLUME_FIELDS =
            List.of(
                    "metadata.annotations",
                    "metadata.labels",
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid");

    private static final List<String> RESOURCES =
            List.of(
                    "limits.cpu",
                    "limits.ephemeral-storage",
                    "limits.memory",
                    "requests.cpu",
                    "requests.ephemeral-storage",
                    "requests.memory");

    private static final List<String> BYTES =
            List.of(
                    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi",
                    "1Ei");

    private EnvRules() {}

    static void env(JsonNode list, String path, FieldErrors errors) {
        int i = 0;
        for (JsonNode each : list) {
            String at = path + "[" + i++ + "]";
            String name = Checks.text(each, "name");
            if (name.isEmpty()) {
                errors.required(at + ".name", "");
            } else if (!NAME.matcher(name).matches()) {
                errors.invalid(at + ".name", name, NAME_ERROR);
            }
            if (Checks.set(each, "valueFrom")) {
                valueFrom(each, at + ".valueFrom", errors);
            }
        }
    }

    private static void valueFrom(JsonNode variable, String at, FieldErrors errors) {
        JsonNode from = variable.path("valueFrom");
        int sources = 0;
        if (Checks.set(from, "fieldRef")) {
            sources++;
            field(from.path("fieldRef"), at + ".fieldRef", FIELDS, errors);
        }
        if (Checks.set(from, "resourceFieldRef")) {
            sources++;
            resource(from.path("resourceFieldRef"), at + ".resourceFieldRef", false, errors);
        }
        for (String source : List.of("configMapKeyRef", "secretKeyRef")) {
            if (Checks.set(from, source)) {
                sources++;
                key(from.path(source), at + "." + source, errors);
            }
        }
        if (Checks.set(from, "fileKeyRef")) {
            sources++;
        }
        if (sources == 0) {
            errors.invalid(
                    at,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`,"
                            + " `secretKeyRef` or `fileKeyRef`");
        } else if (!Checks.text(variable, "value").isEmpty()) {
            errors.invalid(at, "", "may not be specified when `value` is not empty");
        } else if (sources > 1) {
            errors.invalid(at, "", "may not have more than one field specified at a time");
        }
    }

    private static void key(JsonNode selector, String at, FieldErrors errors) {
        Checks.required(selector, at, "name", errors);
        String key = Checks.text(selector, "key");
        if (key.isEmpty()) {
            errors.required(at + ".key", "");
        } else {
            errors.invalid(at + ".key", key, NameRules.configMapKey(key));
        }
    }

    /**
     * @param supported what may be asked for without a subscript
     */
    static void field(JsonNode selector, String at, List<String> supported, FieldErrors errors) {
        String version = Checks.text(selector, "apiVersion");
        String path = Checks.text(selector, "fieldPath");
        if (version.isEmpty()) {
            errors.required(at + ".apiVersion", "");
            return;
        }
        if (path.isEmpty()) {
            errors.required(at + ".fieldPath", "");
            return;
        }
        Matcher subscript = SUBSCRIPT.matcher(path);
        boolean subscripted = subscript.matches();
        String refusal = refusal(version, path, subscripted ? subscript.group(1) : "");
        if (!refusal.isEmpty()) {
            errors.invalid(at + ".fieldPath", path, "error converting fieldPath: " + refusal);
        } else if (subscripted) {
            String key = subscript.group(2);
            boolean annotation = subscript.group(1).equals("metadata.annotations");
            String checked = annotation ? key.toLowerCase(Locale.ROOT) : key;
            errors.invalid(at, checked, NameRules.qualifiedName(checked));
        } else if (!supported.contains(path.equals("spec.host") ? "spec.nodeName" : path)) {
            errors.notSupported(at + ".fieldPath", path, supported);
        }
    }

    private static String refusal(String version, String path, String subscripted) {
        if (!version.equals("v1")) {
            return "unsupported pod version: " + version;
        }
        if (!subscripted.isEmpty()) {
            boolean map =
                    subscripted.equals("metadata.annotations")
                            || subscripted.equals("metadata.labels");
            return map ? "" : "field label does not support subscript: " + path;
        }
        boolean known = LABELS.contains(path) || path.equals("spec.host");
        return known ? "" : "field label not supported: " + path;
    }

    /**
     * @param volume then a container must be named
     */
    static void resource(JsonNode selector, String at, boolean volume, FieldErrors errors) {
        String resource = Checks.text(selector, "resource");
        boolean huge =
                resource.startsWith("requests.hugepages-")
                        || resource.startsWith("limits.hugepages-");
        if (volume && Checks.text(selector, "containerName").isEmpty()) {
            errors.required(at + ".containerName", "");
        } else if (resource.isEmpty()) {
            errors.required(at + ".resource", "");
        } else if (!RESOURCES.contains(resource) && !huge) {
            errors.notSupported(at + ".resource", resource, RESOURCES);
        }
        String divisor = Checks.text(selector, "divisor");
        if (divisor.isEmpty() || divisor.equals("0")) {
            return;
        }
        boolean cpu = resource.endsWith(".cpu");
        List<String> divisors = cpu ? List.of("1m", "1") : BYTES;
        if (!divisors.contains(divisor)) {
            String what = resource.substring(resource.indexOf('.') + 1);
            errors.invalid(
                    at + ".divisor",
                    resource,
                    "only divisor's values "
                            + (cpu ? "1m and 1" : String.join(", ", BYTES))
                            + " are supported with the "
                            + (what.equals("ephemeral-storage") ? "local ephemeral storage" : what)
                            + " resource");
        }
    }

    static void envFrom(JsonNode list, String path, FieldErrors errors) {
        int i = 0;
        for (JsonNode each : list) {
            String at = path + "[" + i++ + "]";
            String prefix = Checks.text(each, "prefix");
            if (!prefix.isEmpty() && !NAME.matcher(prefix).matches()) {
                errors.invalid(at + ".prefix", prefix, NAME_ERROR);
            }
            int sources = 0;
            for (String source : List.of("configMapRef", "secretRef")) {
                if (Checks.set(each, source)) {
                    sources++;
                    String name = Checks.text(each.path(source), "name");
                    if (name.isEmpty()) {
                        errors.required(at + "." + source + ".name", "");
                    } else {
                        errors.invalid(
                                at + "." + source + ".name",
                                name,
                                NameRules.dns1123Subdomain(name));
                    }
                }
            }
            if (sources == 0) {
                errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
            } else if (sources > 1) {
                errors.invalid(path, "", "may not have more than one field specified at a time");
            }
        }
    }
}
