package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.tree.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Secrets that a pod's spec names, and what an account or a mirror pod may not name. */
final class SecretReferences {

    /** Fields of volumes and containers that name one. */
    private static final List<String> BY_NAME =
            List.of("secret", "secretRef", "secretKeyRef", "nodePublishSecretRef");

    private SecretReferences() {}

    /** Why a pod that a kubelet mirrors may not be so. */
    static Optional<String> refusedToMirrors(JsonNode spec) {
        boolean any =
                !Trees.items(spec, "imagePullSecrets").isEmpty()
                        || List.of("initContainers", "containers", "ephemeralContainers", "volumes")
                                .stream()
                                .flatMap(list -> Trees.items(spec, list).stream())
                                .anyMatch(SecretReferences::named);
        if (any) {
            return Optional.of("a mirror pod may not reference secrets");
        }
        boolean token =
                Trees.items(spec, "volumes").stream()
                        .flatMap(volume -> Trees.items(volume, "projected", "sources").stream())
                        .anyMatch(source -> source.has("serviceAccountToken"));
        return token
                ? Optional.of("a mirror pod may not use ServiceAccountToken volume projections")
                : Optional.empty();
    }

    private static boolean named(JsonNode node) {
        boolean here =
                BY_NAME.stream().anyMatch(node::has)
                        || !Trees.text(node, "azureFile", "secretName").isEmpty();
        return here || node.valueStream().anyMatch(SecretReferences::named);
    }

    /** Why an account that lists its secrets may not use what the spec names. */
    static Optional<String> refusedTo(JsonNode account, JsonNode spec) {
        Set<String> own = names(account, "secrets");
        String unless =
                " is not allowed because service account "
                        + Trees.name(account)
                        + " does not reference that ";
        for (JsonNode volume : Trees.items(spec, "volumes")) {
            String secret = Trees.text(volume, "secret", "secretName");
            if (volume.has("secret") && !own.contains(secret)) {
                return Optional.of("volume with " + quoted(secret) + unless + "secret");
            }
        }
        for (String[] list :
                new String[][] {
                    {"initContainers", "init container "}, {"containers", "container "}
                }) {
            for (JsonNode container : Trees.items(spec, list[0])) {
                Optional<String> refused = inContainer(container, own);
                if (refused.isPresent()) {
                    String who = list[1] + Trees.text(container, "name");
                    return Optional.of(who + refused.get() + unless + "secret");
                }
            }
        }
        Set<String> pull = names(account, "imagePullSecrets");
        List<JsonNode> pulled = Trees.items(spec, "imagePullSecrets");
        for (int i = 0; i < pulled.size(); i++) {
            String name = Trees.text(pulled.get(i), "name");
            if (!pull.contains(name)) {
                return Optional.of(
                        "imagePullSecrets["
                                + i
                                + "].name=\""
                                + name
                                + "\""
                                + unless
                                + "imagePullSecret");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inContainer(JsonNode container, Set<String> own) {
        for (JsonNode env : Trees.items(container, "env")) {
            JsonNode reference = Trees.at(env, "valueFrom", "secretKeyRef");
            String name = Trees.text(reference, "name");
            if (reference != null && !own.contains(name)) {
                String variable = Trees.text(env, "name");
                return Optional.of(" with envVar " + variable + " referencing " + quoted(name));
            }
        }
        for (JsonNode from : Trees.items(container, "envFrom")) {
            String name = Trees.text(from, "secretRef", "name");
            if (from.has("secretRef") && !own.contains(name)) {
                return Optional.of(" with envFrom referencing " + quoted(name));
            }
        }
        return Optional.empty();
    }

    private static String quoted(String secret) {
        return "secret.secretName=\"" + secret + "\"";
    }

    private static Set<String> names(JsonNode account, String list) {
        Set<String> names = new HashSet<>();
        Trees.items(account, list).forEach(each -> names.add(Trees.text(each, "name")));
        return names;
    }
}
