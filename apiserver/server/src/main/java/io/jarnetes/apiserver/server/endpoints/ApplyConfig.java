package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Meta;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a server-side apply, as it was written: nothing is filled in, since every field that
 * is there will be owned.
 */
final class ApplyConfig {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ApplyConfig() {}

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setWarnOnDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }

    static ObjectNode read(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            JsonNode tree =
                    text.startsWith("{")
                            ? MAPPER.readTree(text)
                            : MAPPER.valueToTree(yaml().load(text));
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException | YAMLException e) {
            throw ApiException.badRequest("error decoding YAML: " + e.getMessage());
        }
        String found =
                text.startsWith("[") || text.startsWith("-")
                        ? "array"
                        : text.matches("[-0-9.]+") ? "number" : "string";
        if (text.isEmpty() || text.equals("null")) {
            return Meta.object();
        }
        throw ApiException.badRequest(
                "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot"
                        + " unmarshal "
                        + found
                        + " into Go value of type map[string]interface {}");
    }
}
