package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.pods.PodParts;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** PersistentVolumes and their claims. */
final class VolumeKinds {

    private static final String POD_MODE = "ReadWriteOncePod";
    private static final List<String> ACCESS =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", POD_MODE);
    private static final List<String> RECLAIM = List.of("Delete", "Recycle", "Retain");
    private static final List<String> MODES = List.of("Block", "Filesystem");

    /** Sources that are taken, but do nothing any more, in upstream's order. */
    private static final List<Map.Entry<String, String>> GONE =
            List.of(
                    Map.entry("cephfs", "v1.28, non-functional in v1.31+"),
                    Map.entry("photonPersistentDisk", "v1.11, non-functional in v1.16+"),
                    Map.entry("scaleIO", "v1.16, non-functional in v1.22+"),
                    Map.entry("storageOS", "v1.22, non-functional in v1.25+"),
                    Map.entry("glusterfs", "v1.25, non-functional in v1.26+"),
                    Map.entry("rbd", "v1.28, non-functional in v1.31+"));

    private static final int DRIVER_LENGTH = 63;

    /** The sources of a volume, in the order in which they are looked at. */
    private static final List<String> SOURCES =
            List.of(
                    "hostPath",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "glusterfs",
                    "flocker",
                    "nfs",
                    "rbd",
                    "quobyte",
                    "cephfs",
                    "iscsi",
                    "cinder",
                    "fc",
                    "flexVolume",
                    "azureFile",
                    "vsphereVolume",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "azureDisk",
                    "scaleIO",
                    "local",
                    "storageos",
                    "csi");

    private static final String MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";

    /** Sources that take options by it. */
    private static final List<String> MOUNTED =
            List.of(
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "glusterfs",
                    "nfs",
                    "rbd",
                    "quobyte",
                    "iscsi",
                    "cinder",
                    "cephfs",
                    "azureFile",
                    "vsphereVolume",
                    "azureDisk",
                    "photonPersistentDisk");

    private VolumeKinds() {}

    /** The annotation that was there before the field. */
    private static void mountOptions(Field volume) {
        Field options = volume.at("metadata").at("annotations").at(MOUNT_OPTIONS);
        if (options.set() && MOUNTED.stream().noneMatch(each -> volume.at("spec").at(each).set())) {
            options.forbidden("may not specify mount options for this volume type");
        }
    }

    static void volume(Field volume) {
        Field spec = volume.at("spec");
        spec.at("accessModes").needed();
        accessModes(spec.at("accessModes"));
        capacity(spec.at("capacity"));
        if (!spec.at("persistentVolumeReclaimPolicy").empty()) {
            spec.at("persistentVolumeReclaimPolicy").supported(RECLAIM);
        }
        Field affinity = spec.at("nodeAffinity");
        if (affinity.at("required").set()) {
            PodParts.nodeSelector(
                    affinity.at("required").value(), affinity.path() + ".required", spec.errors());
        } else if (affinity.set()) {
            affinity.at("required").required("must specify required node constraints");
        }
        source(spec);
        Field path = spec.at("hostPath").at("path");
        if (spec.at("persistentVolumeReclaimPolicy").text().equals("Recycle")
                && path.text().replaceAll("/+", "/").equals("/")) {
            spec.at("persistentVolumeReclaimPolicy")
                    .forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
        if (!spec.at("storageClassName").empty()) {
            spec.at("storageClassName").follows(NameRules::dns1123Subdomain);
        }
        spec.at("volumeMode").supported(MODES);
        if (!spec.at("volumeAttributesClassName").empty()) {
            spec.at("volumeAttributesClassName").follows(NameRules::dns1123Subdomain);
        }
        mountOptions(volume);
    }

    private static void accessModes(Field modes) {
        boolean once = false;
        boolean other = false;
        for (Field mode : modes.items()) {
            // Upstream names the list, not its item.
            mode.called(modes.path()).supported(ACCESS);
            once |= mode.text().equals(POD_MODE);
            other |= !mode.text().equals(POD_MODE) && ACCESS.contains(mode.text());
        }
        if (once && other) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void capacity(Field capacity) {
        capacity.needed();
        if (!capacity.at("storage").set() || capacity.value().size() > 1) {
            FieldError wrong =
                    FieldError.notSupported(
                            capacity.path(),
                            capacity.set() ? capacity.value() : null,
                            List.of("storage"));
            capacity.errors().add(wrong);
        }
        for (Field amount : capacity.entries().values()) {
            Quantity quantity = amount.quantity();
            basic(amount, quantity);
            positive(amount, quantity);
        }
    }

    private static void basic(Field amount, @Nullable Quantity quantity) {
        if (quantity != null && quantity.compareTo(Quantity.ZERO) < 0) {
            BigDecimal whole = quantity.value().setScale(0, RoundingMode.UP);
            amount.errors()
                    .invalid(
                            amount.path(),
                            whole.toBigInteger(),
                            "must be a valid resource quantity");
        }
    }

    private static void positive(Field amount, @Nullable Quantity quantity) {
        if (quantity != null && quantity.compareTo(Quantity.ZERO) <= 0) {
            amount.errors()
                    .invalid(amount.path(), quantity.toString(), "must be greater than zero");
        }
    }

    private static void source(Field spec) {
        int sources = 0;
        for (String type : SOURCES) {
            Field source = spec.at(type);
            if (!source.set()) {
                continue;
            }
            if (sources++ > 0) {
                source.called(spec.path() + "." + (type.equals("cephfs") ? "cephFS" : type))
                        .forbidden("may not specify more than 1 volume type");
                continue;
            }
            switch (type) {
                case "local" -> {
                    local(source.at("path"));
                    if (!spec.at("nodeAffinity").set()) {
                        spec.at("nodeAffinity").required("Local volume requires node affinity");
                    }
                }
                case "csi" -> csi(source);
                default ->
                        PodParts.volumeSource(type, source.value(), source.path(), source.errors());
            }
        }
        if (sources == 0) {
            spec.required("must specify a volume type");
        }
    }

    private static void local(Field path) {
        if (path.empty()) {
            path.required("");
        } else if (List.of(path.text().split("/", -1)).contains("..")) {
            path.invalid("must not contain '..'");
        }
    }

    private static void csi(Field csi) {
        driver(csi.at("driver"));
        csi.at("volumeHandle").needed();
        for (String secret :
                List.of(
                        "controllerPublishSecretRef",
                        "controllerExpandSecretRef",
                        "nodePublishSecretRef",
                        "nodeExpandSecretRef")) {
            if (csi.at(secret).set()) {
                csi.at(secret).at("name").needed();
                csi.at(secret).at("namespace").needed();
            }
        }
    }

    /** What a CSI driver may be called. */
    static void driver(Field name) {
        if (name.empty()) {
            name.required("");
            return;
        }
        if (name.text().length() > DRIVER_LENGTH) {
            name.errors().add(FieldError.tooLong(name.path(), DRIVER_LENGTH));
        }
        name.follows(text -> NameRules.dns1123Subdomain(text.toLowerCase(Locale.ROOT)));
    }

    static void volumeUpdate(Field volume, JsonNode old) {
        volume(volume);
        Field spec = volume.at("spec");
        JsonNode before = old.path("spec");
        boolean same =
                SOURCES.stream()
                        .allMatch(type ->
                                Meta.semanticallyEqual(
                                        immutable(spec.value(), type), immutable(before, type)));
        if (!same) {
            String diff = InternalForm.diff("PersistentVolumeSource", before, spec.value());
            spec.called("spec.persistentvolumesource")
                    .forbidden("spec.persistentvolumesource is immutable after creation\n" + diff);
        }
        spec.at("volumeMode").called("volumeMode").unchanged(before.path("volumeMode"));
        if (before.hasNonNull("volumeAttributesClassName")
                && !spec.at("volumeAttributesClassName").set()) {
            spec.at("volumeAttributesClassName")
                    .forbidden("update from non-nil value to nil is forbidden");
        }
    }

    /** A secret for expansion may be named later. */
    private static JsonNode immutable(JsonNode spec, String type) {
        JsonNode source = spec.path(type);
        if (type.equals("csi") && source.isObject()) {
            ObjectNode copy = (ObjectNode) source.deepCopy();
            copy.remove("controllerExpandSecretRef");
            return copy;
        }
        return source;
    }

    static void claim(Field claim) {
        claimSpec(claim.at("spec"));
    }

    static void claimSpec(Field spec) {
        if (spec.at("accessModes").empty()) {
            spec.at("accessModes").required("at least 1 access mode is required");
        }
        if (spec.at("selector").set()) {
            SelectorRules.validate(
                    spec.at("selector").value(), spec.at("selector").path(), spec.errors());
        }
        accessModes(spec.at("accessModes"));
        Field storage =
                spec.at("resources")
                        .at("requests")
                        .at("storage")
                        .called(spec.path() + ".resources[storage]");
        Quantity wanted = storage.quantity();
        if (wanted == null) {
            storage.required("");
        } else {
            positive(storage, wanted);
        }
        if (!spec.at("storageClassName").empty()) {
            spec.at("storageClassName").follows(NameRules::dns1123Subdomain);
        }
        spec.at("volumeMode").supported(MODES);
        dataSource(spec.at("dataSource"));
        dataSource(spec.at("dataSourceRef"));
        if (!spec.at("volumeAttributesClassName").empty()) {
            spec.at("volumeAttributesClassName").follows(NameRules::dns1123Subdomain);
        }
    }

    private static void dataSource(Field source) {
        if (!source.set()) {
            return;
        }
        source.at("name").needed();
        source.at("kind").needed();
        String kind = source.at("kind").text();
        if (source.at("apiGroup").empty() && !kind.equals("PersistentVolumeClaim")) {
            source.errors()
                    .invalid(
                            source.path(),
                            kind,
                            "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        } else if (!source.at("apiGroup").empty()) {
            source.at("apiGroup").follows(NameRules::dns1123Subdomain);
        }
    }

    static void claimUpdate(Field claim, JsonNode old) {
        claim(claim);
        Field spec = claim.at("spec");
        JsonNode before = old.path("spec");
        ObjectNode now = (ObjectNode) spec.value().deepCopy();
        ObjectNode then = (ObjectNode) before.deepCopy();
        if (then.path("volumeName").asString("").isEmpty()) {
            Meta.copyField(now, then, "volumeName");
        }
        if (now.hasNonNull("storageClassName") && !then.hasNonNull("storageClassName")) {
            Meta.copyField(then, now, "storageClassName");
        }
        boolean bound = claim.at("status").at("phase").text().equals("Bound");
        if (bound) {
            Meta.copyField(then, now, "volumeAttributesClassName");
            Meta.child(Meta.child(now, "resources"), "requests")
                    .set("storage", before.path("resources").path("requests").path("storage"));
        }
        if (!Meta.semanticallyEqual(now, then)) {
            spec.forbidden(
                    "spec is immutable after creation except resources.requests and"
                            + " volumeAttributesClassName for bound claims\n"
                            + InternalForm.diff("PersistentVolumeClaimSpec", then, now));
        }
        shrunk(spec.at("resources").at("requests").at("storage"), old);
        spec.at("volumeMode").called("volumeMode").unchanged(before.path("volumeMode"));
    }

    private static void shrunk(Field storage, JsonNode old) {
        Field before = new Field(old.path("spec"), "", new FieldErrors());
        Quantity then = before.at("resources").at("requests").at("storage").quantity();
        Quantity now = storage.quantity();
        Quantity held =
                new Field(old.path("status"), "", new FieldErrors())
                        .at("capacity")
                        .at("storage")
                        .quantity();
        if (now != null
                && then != null
                && now.compareTo(then) < 0
                && now.compareTo(held == null ? Quantity.ZERO : held) <= 0) {
            storage.forbidden("field can not be less than status.capacity");
        }
    }

    static void claimStatus(Field claim, JsonNode old) {
        if (claim.at("spec").at("accessModes").empty()) {
            claim.at("spec").at("accessModes").required("");
        }
        for (Field amount : claim.at("status").at("capacity").entries().values()) {
            basic(amount, amount.quantity());
        }
    }

    static List<String> volumeWarnings(JsonNode volume) {
        List<String> warnings = new ArrayList<>();
        deprecatedClass(volume, warnings);
        if (volume.at("/spec/persistentVolumeReclaimPolicy").asString("").equals("Recycle")) {
            warnings.add(
                    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated."
                            + " Instead, the recommended approach is to use dynamic provisioning.");
        }
        for (Map.Entry<String, String> gone : GONE) {
            if (volume.path("spec").hasNonNull(gone.getKey())) {
                warnings.add("spec." + gone.getKey() + ": deprecated in " + gone.getValue());
            }
        }
        return warnings;
    }

    static List<String> claimWarnings(JsonNode claim) {
        List<String> warnings = new ArrayList<>();
        deprecatedClass(claim, warnings);
        fraction(
                claim.at("/spec/resources/requests/storage"),
                "spec.resources.requests[storage]",
                warnings);
        fraction(
                claim.at("/spec/resources/limits/storage"),
                "spec.resources.limits[storage]",
                warnings);
        return warnings;
    }

    private static void deprecatedClass(JsonNode object, List<String> warnings) {
        String annotation = "volume.beta.kubernetes.io/storage-class";
        if (object.path("metadata").path("annotations").has(annotation)) {
            warnings.add(
                    "metadata.annotations["
                            + annotation
                            + "]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        }
    }

    private static void fraction(JsonNode amount, String at, List<String> warnings) {
        Quantity quantity = new Field(amount, at, new FieldErrors()).quantity();
        if (quantity != null && quantity.value().stripTrailingZeros().scale() > 0) {
            warnings.add(
                    at
                            + ": fractional byte value \""
                            + quantity
                            + "\" is invalid, must be an integer");
        }
    }
}
