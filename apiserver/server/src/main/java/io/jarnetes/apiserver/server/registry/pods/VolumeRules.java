package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A pod's volumes, and what its containers mount of them. */
final class VolumeRules {

    /** In the order in which they are looked at. */
    private static final List<String> TYPES =
            List.of(
                    "emptyDir",
                    "hostPath",
                    "gitRepo",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "secret",
                    "nfs",
                    "iscsi",
                    "glusterfs",
                    "flocker",
                    "persistentVolumeClaim",
                    "rbd",
                    "cinder",
                    "cephfs",
                    "quobyte",
                    "downwardAPI",
                    "fc",
                    "flexVolume",
                    "configMap",
                    "azureFile",
                    "vsphereVolume",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "azureDisk",
                    "storageos",
                    "projected",
                    "scaleIO",
                    "csi",
                    "ephemeral",
                    "image");

    /** Upstream's slips of the pen in the paths of "more than one". */
    private static final Map<String, String> SHOWN =
            Map.of("cephfs", "cephFS", "downwardAPI", "downwarAPI");

    private static final List<String> HOST_PATH_TYPES =
            List.of(
                    "",
                    "BlockDevice",
                    "CharDevice",
                    "Directory",
                    "DirectoryOrCreate",
                    "File",
                    "FileOrCreate",
                    "Socket");
    private static final List<String> PROPAGATION =
            List.of("Bidirectional", "HostToContainer", "None");
    private static final List<String> RECURSIVE = List.of("Disabled", "Enabled", "IfPossible");
    private static final String MODE =
            "must be a number between 0 and 0777 (octal), both inclusive";
    private static final int MAX_MODE = 0777;
    private static final long MIN_TOKEN_SECONDS = 600;
    private static final long MAX_TOKEN_SECONDS = 1L << 32;

    private final Map<String, JsonNode> usable = new HashMap<>();

    /** Looks at all volumes; those that are well may be mounted. */
    VolumeRules(JsonNode volumes, String path, FieldErrors errors) {
        for (int i = 0; i < volumes.size(); i++) {
            JsonNode volume = volumes.path(i);
            String at = path + "[" + i + "]";
            FieldErrors own = new FieldErrors();
            source(volume, at, own);
            String name = Checks.text(volume, "name");
            if (name.isEmpty()) {
                own.required(at + ".name", "");
            } else {
                own.invalid(at + ".name", name, NameRules.dns1123Label(name));
            }
            if (usable.containsKey(name)) {
                own.duplicate(at + ".name", name);
            }
            if (own.isEmpty()) {
                usable.put(name, volume);
            }
            own.all().forEach(errors::add);
        }
    }

    private static void source(JsonNode volume, String at, FieldErrors errors) {
        int types = 0;
        for (String type : TYPES) {
            if (!Checks.set(volume, type)) {
                continue;
            }
            if (types++ > 0) {
                errors.forbidden(
                        at + "." + SHOWN.getOrDefault(type, type),
                        "may not specify more than 1 volume type");
            } else {
                type(type, volume.path(type), at + "." + type, errors);
            }
        }
        if (types == 0) {
            errors.required(at, "must specify a volume type");
        }
    }

    static void type(String type, JsonNode source, String at, FieldErrors errors) {
        switch (type) {
            case "emptyDir" -> sizeLimit(source, at, errors);
            case "hostPath" -> hostPath(source, at, errors);
            case "secret" -> keyed(source, "secretName", at, errors);
            case "configMap" -> keyed(source, "name", at, errors);
            case "nfs" -> nfs(source, at, errors);
            case "persistentVolumeClaim" -> Checks.required(source, at, "claimName", errors);
            case "gitRepo" -> Checks.required(source, at, "repository", errors);
            case "csi", "flexVolume" -> Checks.required(source, at, "driver", errors);
            case "downwardAPI" -> {
                mode(source, "defaultMode", at, errors);
                downward(source.path("items"), at, errors);
            }
            case "projected" -> projected(source, at, errors);
            case "image" -> Checks.required(source, at, "reference", errors);
            default -> {
                // What the other drivers want is theirs: the decoder has checked the types.
            }
        }
    }

    private static void sizeLimit(JsonNode source, String at, FieldErrors errors) {
        try {
            if (Checks.set(source, "sizeLimit")
                    && Quantity.parse(Checks.text(source, "sizeLimit")).compareTo(Quantity.ZERO)
                            < 0) {
                errors.forbidden(
                        at + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
            }
        } catch (DecodeException e) {
            errors.forbidden(
                    at + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
        }
    }

    private static void hostPath(JsonNode source, String at, FieldErrors errors) {
        String path = Checks.text(source, "path");
        if (path.isEmpty()) {
            errors.required(at + ".path", "");
            return;
        }
        Checks.noBacksteps(path, at + ".path", errors);
        Checks.supported(source, at, "type", HOST_PATH_TYPES, errors);
    }

    private static void nfs(JsonNode source, String at, FieldErrors errors) {
        Checks.required(source, at, "server", errors);
        Checks.required(source, at, "path", errors);
        String path = Checks.text(source, "path");
        if (!path.startsWith("/")) {
            errors.invalid(at + ".path", path, "must be an absolute path");
        }
    }

    private static void keyed(JsonNode source, String name, String at, FieldErrors errors) {
        Checks.required(source, at, name, errors);
        mode(source, "defaultMode", at, errors);
        items(source.path("items"), at + ".items", errors);
    }

    private static void items(JsonNode items, String path, FieldErrors errors) {
        for (int i = 0; i < items.size(); i++) {
            String at = path + "[" + i + "]";
            Checks.required(items.path(i), at, "key", errors);
            Checks.required(items.path(i), at, "path", errors);
            localPath(Checks.text(items.path(i), "path"), at + ".path", errors);
            mode(items.path(i), "mode", at, errors);
        }
    }

    private static void mode(JsonNode source, String field, String at, FieldErrors errors) {
        JsonNode mode = source.path(field);
        if (mode.isNumber() && (mode.asLong() < 0 || mode.asLong() > MAX_MODE)) {
            errors.invalid(at + "." + field, mode, MODE);
        }
    }

    private static void localPath(String path, String at, FieldErrors errors) {
        Checks.descending(path, at, errors);
        if (path.startsWith("..") && !path.startsWith("../") && !path.equals("..")) {
            errors.invalid(at, path, "must not start with '..'");
        }
    }

    private static void downward(JsonNode items, String at, FieldErrors errors) {
        for (JsonNode item : items) {
            Checks.required(item, at, "path", errors);
            localPath(Checks.text(item, "path"), at + ".path", errors);
            boolean field = Checks.set(item, "fieldRef");
            boolean resource = Checks.set(item, "resourceFieldRef");
            if (field) {
                EnvRules.field(
                        item.path("fieldRef"), at + ".fieldRef", EnvRules.VOLUME_FIELDS, errors);
                if (resource) {
                    errors.invalid(
                            at,
                            "resource",
                            "fieldRef and resourceFieldRef can not be specified simultaneously");
                }
            } else if (resource) {
                EnvRules.resource(
                        item.path("resourceFieldRef"), at + ".resourceFieldRef", true, errors);
            } else {
                errors.required(at, "one of fieldRef and resourceFieldRef is required");
            }
            mode(item, "mode", at, errors);
        }
    }

    private static void projected(JsonNode source, String at, FieldErrors errors) {
        mode(source, "defaultMode", at, errors);
        JsonNode sources = source.path("sources");
        for (int i = 0; i < sources.size(); i++) {
            JsonNode each = sources.path(i);
            String place = at + ".sources[" + i + "]";
            int kinds = 0;
            for (String kind : List.of("secret", "configMap")) {
                if (Checks.set(each, kind)) {
                    kinds++;
                    Checks.required(each.path(kind), place + "." + kind, "name", errors);
                    items(each.path(kind).path("items"), place + "." + kind + ".items", errors);
                }
            }
            if (Checks.set(each, "downwardAPI")) {
                kinds++;
                downward(each.path("downwardAPI").path("items"), place + ".downwardAPI", errors);
            }
            if (Checks.set(each, "serviceAccountToken")) {
                kinds++;
                token(each.path("serviceAccountToken"), place + ".serviceAccountToken", errors);
            }
            if (Checks.set(each, "clusterTrustBundle") || Checks.set(each, "podCertificate")) {
                kinds++;
            }
            if (kinds > 1) {
                errors.forbidden(place, "may not specify more than 1 volume type per source");
            }
        }
    }

    private static void token(JsonNode token, String at, FieldErrors errors) {
        long seconds = token.path("expirationSeconds").asLong(0);
        if (seconds < MIN_TOKEN_SECONDS) {
            errors.invalid(
                    at + ".expirationSeconds",
                    seconds,
                    "may not specify a duration less than 10 minutes");
        } else if (seconds > MAX_TOKEN_SECONDS) {
            errors.invalid(
                    at + ".expirationSeconds",
                    seconds,
                    "may not specify a duration larger than 2^32 seconds");
        }
        // Upstream names the volume, not its source.
        String volume = at.substring(0, at.indexOf(".sources["));
        Checks.required(token, volume, "path", errors);
        localPath(Checks.text(token, "path"), at + ".path", errors);
    }

    void mounts(JsonNode container, String path, FieldErrors errors) {
        JsonNode mounts = container.path("volumeMounts");
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            JsonNode mount = mounts.path(i);
            String at = path + "[" + i + "]";
            String name = Checks.text(mount, "name");
            String mountPath = Checks.text(mount, "mountPath");
            Checks.required(mount, at, "name", errors);
            if (!usable.containsKey(name)) {
                errors.notFound(at + ".name", name);
            }
            Checks.required(mount, at, "mountPath", errors);
            if (!paths.add(mountPath)) {
                errors.invalid(at + ".mountPath", mountPath, "must be unique");
            }
            if (has(container.path("volumeDevices"), "name", name)) {
                errors.invalid(at + ".name", name, "must not already exist in volumeDevices");
            }
            if (has(container.path("volumeDevices"), "devicePath", mountPath)) {
                errors.invalid(
                        at + ".mountPath",
                        mountPath,
                        "must not already exist as a path in volumeDevices");
            }
            subPaths(mount, at, path, errors);
            propagation(mount, container, path, errors);
        }
    }

    private static boolean has(JsonNode list, String field, String value) {
        return list.valueStream().anyMatch(each -> Checks.text(each, field).equals(value));
    }

    private static void subPaths(JsonNode mount, String at, String path, FieldErrors errors) {
        String subPath = Checks.text(mount, "subPath");
        String expression = Checks.text(mount, "subPathExpr");
        // Upstream names the list, not its item.
        Checks.descending(subPath, path + ".subPath", errors);
        if (!expression.isEmpty()) {
            if (!subPath.isEmpty()) {
                errors.invalid(
                        at + ".subPathExpr",
                        expression,
                        "subPathExpr and subPath are mutually exclusive");
            }
            Checks.descending(expression, path + ".subPathExpr", errors);
        }
    }

    private static void propagation(
            JsonNode mount, JsonNode container, String path, FieldErrors errors) {
        Checks.supported(mount, path, "mountPropagation", PROPAGATION, errors);
        String propagation = Checks.text(mount, "mountPropagation");
        boolean privileged = container.path("securityContext").path("privileged").asBoolean(false);
        if (propagation.equals("Bidirectional") && !privileged) {
            errors.forbidden(
                    path + ".mountPropagation",
                    "Bidirectional mount propagation is available only to privileged containers");
        }
        Checks.supported(mount, path, "recursiveReadOnly", RECURSIVE, errors);
        String recursive = Checks.text(mount, "recursiveReadOnly");
        if (!recursive.equals("Enabled") && !recursive.equals("IfPossible")) {
            return;
        }
        if (!mount.path("readOnly").asBoolean(false)) {
            errors.forbidden(
                    path + ".recursiveReadOnly", "may only be specified when readOnly is true");
        }
        if (!propagation.isEmpty() && !propagation.equals("None")) {
            errors.forbidden(
                    path + ".recursiveReadOnly",
                    "may only be specified when mountPropagation is None or not specified");
        }
    }

    void devices(JsonNode container, String path, FieldErrors errors) {
        JsonNode devices = container.path("volumeDevices");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < devices.size(); i++) {
            String at = path + "[" + i + "]";
            String name = Checks.text(devices.path(i), "name");
            Checks.required(devices.path(i), at, "name", errors);
            if (names.contains(name)) {
                errors.invalid(at + ".name", name, "must be unique");
            }
            JsonNode volume = usable.get(name);
            if (volume == null) {
                errors.notFound(at + ".name", name);
            } else if (!Checks.set(volume, "persistentVolumeClaim")
                    && !Checks.set(volume, "ephemeral")) {
                errors.invalid(
                        at + ".name",
                        name,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for"
                                + " block mode");
            }
            Checks.required(devices.path(i), at, "devicePath", errors);
            String devicePath = Checks.text(devices.path(i), "devicePath");
            JsonNode mounts = container.path("volumeMounts");
            if (!devicePath.isEmpty() && has(mounts, "mountPath", devicePath)) {
                errors.invalid(
                        at + ".devicePath",
                        devicePath,
                        "must not already exist as a path in volumeMounts");
            }
            if (has(mounts, "name", name)) {
                errors.invalid(at + ".name", name, "must not already exist in volumeMounts");
            }
            names.add(name);
        }
    }
}
