package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every pod runs as a service account, {@code default} unless it says otherwise, and gets a
 * projected volume with a token, the cluster's CA and its namespace.
 */
final class ServiceAccountPlugin implements AdmissionPlugin {

    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int NAME_LENGTH = 5;
    private static final long TOKEN_SECONDS = 3607;
    private static final int FILE_MODE = 0644;

    /** A fresh namespace gets its account a moment later; the default one is waited for. */
    private static final int TRIES_FOR_DEFAULT = 10;

    private static final long TRY_MILLIS = 100;

    private final Listers listers;
    private final RandomGenerator random;

    ServiceAccountPlugin(Listers listers, RandomGenerator random) {
        this.listers = listers;
        this.random = random;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        if (!attributes.isResource("", "pods") || pod == null) {
            return;
        }
        if (mirror(pod)) {
            validate(attributes);
            return;
        }
        ObjectNode spec = Trees.child(pod, "spec");
        if (Trees.text(spec, "serviceAccountName").isEmpty()) {
            spec.put("serviceAccountName", "default");
        }
        spec.put("serviceAccount", Trees.text(spec, "serviceAccountName"));
        ObjectNode account = account(attributes, Trees.text(spec, "serviceAccountName"));
        if (automounts(account, spec)) {
            mount(spec);
        }
        List<JsonNode> pullSecrets = Trees.items(account, "imagePullSecrets");
        if (Trees.items(spec, "imagePullSecrets").isEmpty() && !pullSecrets.isEmpty()) {
            ArrayNode secrets = spec.putArray("imagePullSecrets");
            pullSecrets.forEach(s -> secrets.addObject().put("name", Trees.text(s, "name")));
        }
    }

    @Override
    public void validate(AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        if (!attributes.isResource("", "pods") || pod == null) {
            return;
        }
        String name = Trees.text(pod, "spec", "serviceAccountName");
        if (mirror(pod)) {
            if (!name.isEmpty()) {
                throw Refusals.forbidden(
                        attributes, "a mirror pod may not reference service accounts");
            }
            refuse(attributes, SecretReferences.refusedToMirrors(pod.path("spec")));
            return;
        }
        if (name.isEmpty()) {
            throw Refusals.forbidden(
                    attributes,
                    "no service account specified for pod "
                            + attributes.namespace()
                            + "/"
                            + Trees.name(pod));
        }
        ObjectNode account = account(attributes, name);
        if (Boolean.parseBoolean(Trees.text(account, "metadata", "annotations", ENFORCE))) {
            refuse(attributes, SecretReferences.refusedTo(account, pod.path("spec")));
        }
    }

    private static boolean mirror(ObjectNode pod) {
        return !Trees.text(pod, "metadata", "annotations", MIRROR).isEmpty();
    }

    private ObjectNode account(AdmissionAttributes attributes, String name) {
        int tries = name.equals("default") ? TRIES_FOR_DEFAULT : 1;
        for (int i = 0; i < tries; i++) {
            if (i > 0 && !pause()) {
                break;
            }
            Optional<ObjectNode> found =
                    listers.get("", "serviceaccounts", attributes.namespace(), name);
            if (found.isEmpty()) {
                found = listers.live("", "serviceaccounts", attributes.namespace(), name);
            }
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw Refusals.forbidden(
                attributes,
                "error looking up service account "
                        + attributes.namespace()
                        + "/"
                        + name
                        + ": serviceaccount \""
                        + name
                        + "\" not found");
    }

    private static boolean pause() {
        try {
            Thread.sleep(TRY_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean automounts(ObjectNode account, ObjectNode spec) {
        JsonNode own = Trees.at(spec, "automountServiceAccountToken");
        JsonNode inherited = Trees.at(account, "automountServiceAccountToken");
        JsonNode counts = own == null ? inherited : own;
        return counts == null || counts.booleanValue();
    }

    private void mount(ObjectNode spec) {
        String volume =
                Trees.items(spec, "volumes").stream()
                        .filter(v -> v.has("projected"))
                        .map(v -> Trees.text(v, "name"))
                        .filter(name -> name.startsWith(VOLUME_PREFIX))
                        .findFirst()
                        .orElse("");
        boolean made = volume.isEmpty();
        String name = made ? VOLUME_PREFIX + suffix() : volume;
        boolean needed = false;
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : Trees.items(spec, list)) {
                needed |= mountInto((ObjectNode) container, name);
            }
        }
        if (needed && made) {
            Trees.children(spec, "volumes").add(tokenVolume(name));
        }
    }

    private static boolean mountInto(ObjectNode container, String volume) {
        for (JsonNode mount : Trees.items(container, "volumeMounts")) {
            if (Trees.text(mount, "mountPath").equals(MOUNT_PATH)) {
                return false;
            }
        }
        Trees.children(container, "volumeMounts")
                .addObject()
                .put("name", volume)
                .put("readOnly", true)
                .put("mountPath", MOUNT_PATH);
        return true;
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < NAME_LENGTH; i++) {
            suffix.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
        }
        return suffix.toString();
    }

    private static ObjectNode tokenVolume(String name) {
        ObjectNode volume = Trees.object();
        volume.put("name", name);
        ObjectNode projected = volume.putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode configMap = sources.addObject().putObject("configMap");
        configMap.put("name", "kube-root-ca.crt");
        configMap.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode item =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        item.put("path", "namespace");
        item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", FILE_MODE);
        return volume;
    }

    private static void refuse(AdmissionAttributes attributes, Optional<String> why) {
        if (why.isPresent()) {
            throw Refusals.forbidden(attributes, why.get());
        }
    }
}
