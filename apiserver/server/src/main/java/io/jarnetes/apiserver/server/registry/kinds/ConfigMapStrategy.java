package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** ConfigMaps: keys, size, immutability. */
final class ConfigMapStrategy implements Strategy {

    private static final int MAX_BYTES = 1024 * 1024;

    @Override
    public void validate(ObjectNode map, FieldErrors errors) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> each : map.path("data").properties()) {
            String key = each.getKey();
            errors.invalid("data[" + key + "]", key, NameRules.configMapKey(key));
            if (map.path("binaryData").has(key)) {
                errors.invalid("data[" + key + "]", key, "duplicate of key present in binaryData");
            }
            bytes += each.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
        }
        for (Map.Entry<String, JsonNode> each : map.path("binaryData").properties()) {
            String key = each.getKey();
            errors.invalid("binaryData[" + key + "]", key, NameRules.configMapKey(key));
            bytes += each.getValue().asString("").length() / 4 * 3L;
        }
        if (bytes > MAX_BYTES) {
            errors.add(FieldError.tooLong("[]", MAX_BYTES));
        }
    }

    @Override
    public void validateUpdate(ObjectNode map, ObjectNode old, FieldErrors errors) {
        Immutability.check(map, old, List.of("data", "binaryData"), errors);
        MetaValidation.validateAgain(map, errors);
        validate(map, errors);
    }
}
