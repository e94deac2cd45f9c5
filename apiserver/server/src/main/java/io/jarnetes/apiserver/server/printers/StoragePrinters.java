package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Rows of volumes, classes and drivers. */
final class StoragePrinters {
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private StoragePrinters() {}

    static void addTo(Map<String, Consumer<Row>> printers) {
        printers.put("StorageClass", StoragePrinters::storageClass);
        printers.put("VolumeAttributesClass", r -> r.name().text(r.str("/driverName")).age());
        printers.put("VolumeAttachment", StoragePrinters::attachment);
        printers.put("CSINode", r -> r.name().number(r.items("/spec/drivers").size()).age());
        printers.put("CSIDriver", StoragePrinters::driver);
    }

    static void volume(Row row) {
        String claim =
                row.at("/spec/claimRef").isObject()
                        ? row.str("/spec/claimRef/namespace") + "/" + row.str("/spec/claimRef/name")
                        : "";
        row.name()
                .text(row.str("/spec/capacity/storage", "0"))
                .text(accessModes(row, "/spec/accessModes"))
                .text(row.str("/spec/persistentVolumeReclaimPolicy"))
                .text(row.deleted() ? "Terminating" : row.str("/status/phase"))
                .text(claim)
                .text(className(row))
                .text(attributesClass(row))
                .text(row.str("/status/reason"))
                .age()
                .text(row.str("/spec/volumeMode", Row.UNSET));
    }

    static void claim(Row row) {
        String volume = row.str("/spec/volumeName");
        row.name()
                .text(row.deleted() ? "Terminating" : row.str("/status/phase"))
                .text(volume)
                .text(volume.isEmpty() ? "" : row.str("/status/capacity/storage", "0"))
                .text(volume.isEmpty() ? "" : accessModes(row, "/status/accessModes"))
                .text(className(row))
                .text(attributesClass(row))
                .age()
                .text(row.str("/spec/volumeMode", Row.UNSET));
    }

    private static String className(Row row) {
        String annotated = row.at("/metadata/annotations").path(CLASS_ANNOTATION).asString("");
        return annotated.isEmpty() ? row.str("/spec/storageClassName") : annotated;
    }

    private static String attributesClass(Row row) {
        return row.at("/spec").has("volumeAttributesClassName")
                ? row.str("/spec/volumeAttributesClassName")
                : Row.UNSET;
    }

    private static String accessModes(Row row, String pointer) {
        List<String> given = new ArrayList<>();
        row.items(pointer).forEach(m -> given.add(m.asString("")));
        List<String> shown = new ArrayList<>();
        Map<String, String> shortNames =
                Map.of(
                        "ReadWriteOnce", "RWO",
                        "ReadOnlyMany", "ROX",
                        "ReadWriteMany", "RWX",
                        "ReadWriteOncePod", "RWOP");
        for (String mode :
                List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")) {
            if (given.contains(mode)) {
                shown.add(shortNames.getOrDefault(mode, mode));
            }
        }
        return String.join(",", shown);
    }

    private static void storageClass(Row row) {
        boolean isDefault =
                List.of(
                                "storageclass.kubernetes.io/is-default-class",
                                "storageclass.beta.kubernetes.io/is-default-class")
                        .stream()
                        .anyMatch(a ->
                                row.at("/metadata/annotations")
                                        .path(a)
                                        .asString("")
                                        .equals("true"));
        row.text(row.str("/metadata/name") + (isDefault ? " (default)" : ""))
                .text(row.str("/provisioner"))
                .text(row.str("/reclaimPolicy", "Delete"))
                .text(row.str("/volumeBindingMode", "Immediate"))
                .flag(row.at("/allowVolumeExpansion").asBoolean(false))
                .age();
    }

    private static void attachment(Row row) {
        row.name()
                .text(row.str("/spec/attacher"))
                .text(row.str("/spec/source/persistentVolumeName"))
                .text(row.str("/spec/nodeName"))
                .flag(row.at("/status/attached").asBoolean(false))
                .age();
    }

    private static void driver(Row row) {
        String tokens =
                row.items("/spec/tokenRequests").stream()
                        .map(t -> t.path("audience").asString(""))
                        .collect(Collectors.joining(","));
        String modes = row.strings("/spec/volumeLifecycleModes", ",");
        row.name()
                .flag(row.at("/spec/attachRequired").asBoolean(true))
                .flag(row.at("/spec/podInfoOnMount").asBoolean(false))
                .flag(row.at("/spec/storageCapacity").asBoolean(false))
                .text(row.at("/spec").has("tokenRequests") ? tokens : Row.UNSET)
                .flag(row.at("/spec/requiresRepublish").asBoolean(false))
                .text(modes.isEmpty() ? Row.NONE : modes)
                .age();
    }
}
