package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.RawTree;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Secrets: keys, sizes, types, immutability. */
final class SecretStrategy implements Strategy {

    private static final int MAX_BYTES = 1024 * 1024;

    /** What a type's data must have. */
    private static final Map<String, List<String>> REQUIRED =
            Map.of(
                    "kubernetes.io/dockercfg", List.of(".dockercfg"),
                    "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
                    "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
                    "kubernetes.io/tls", List.of("tls.crt", "tls.key"));

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode secret) {
        foldStringData(secret);
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode secret, ObjectNode old) {
        foldStringData(secret);
        if (secret.path("type").asString("").isEmpty()) {
            Meta.copyField(old, secret, "type");
        }
    }

    /** {@code stringData} is for writing only; it is stored as {@code data}. */
    private static void foldStringData(ObjectNode secret) {
        JsonNode texts = secret.path("stringData");
        if (!texts.isEmpty()) {
            ObjectNode data = Meta.child(secret, "data");
            for (Map.Entry<String, JsonNode> each : texts.properties()) {
                byte[] bytes = each.getValue().asString("").getBytes(StandardCharsets.UTF_8);
                data.put(each.getKey(), Base64.getEncoder().encodeToString(bytes));
            }
        }
        secret.remove("stringData");
    }

    @Override
    public void validate(ObjectNode secret, FieldErrors errors) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> each : secret.path("data").properties()) {
            errors.invalid(
                    "data[" + each.getKey() + "]",
                    each.getKey(),
                    NameRules.configMapKey(each.getKey()));
            bytes += each.getValue().asString("").length() / 4 * 3L;
        }
        if (bytes > MAX_BYTES) {
            errors.add(FieldError.tooLong("data", MAX_BYTES));
        }
        String type = secret.path("type").asString("");
        if (type.equals("kubernetes.io/service-account-token")
                && Meta.annotations(secret)
                        .getOrDefault("kubernetes.io/service-account.name", "")
                        .isEmpty()) {
            errors.required("metadata.annotations[kubernetes.io/service-account.name]", "");
        }
        if (type.equals("kubernetes.io/basic-auth")
                && !secret.path("data").has("username")
                && !secret.path("data").has("password")) {
            errors.required("data[username]", "");
            errors.required("data[password]", "");
        }
        for (String key : REQUIRED.getOrDefault(type, List.of())) {
            boolean empty = secret.path("data").path(key).asString("").isEmpty();
            boolean mayBeEmpty = type.equals("kubernetes.io/tls");
            if (mayBeEmpty ? !secret.path("data").has(key) : empty) {
                errors.required("data[" + key + "]", "");
            } else if (key.startsWith(".docker")) {
                json(secret.path("data").path(key), "data[" + key + "]", errors);
            }
        }
    }

    private static void json(JsonNode base64, String at, FieldErrors errors) {
        try {
            RawTree.read(Base64.getDecoder().decode(base64.asString("")), MediaType.JSON);
        } catch (DecodeException e) {
            String why = String.valueOf(e.getMessage());
            errors.invalid(at, "<secret contents redacted>", why.replaceFirst("^.*error: ", ""));
        }
    }

    @Override
    public void validateUpdate(ObjectNode secret, ObjectNode old, FieldErrors errors) {
        if (!secret.path("type").asString("").equals(old.path("type").asString(""))) {
            errors.invalid("type", secret.path("type"), "field is immutable");
        }
        Immutability.check(secret, old, List.of("data"), errors);
        validate(secret, errors);
    }
}
