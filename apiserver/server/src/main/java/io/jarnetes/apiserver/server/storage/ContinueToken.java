package io.jarnetes.apiserver.server.storage;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a list goes on, in upstream's form: unpadded URL-safe base64 of {@code
 * {"v":"meta.k8s.io/v1","rv":…,"start":…}}.
 *
 * @param revision of the list that is continued; {@link #INCONSISTENT} for "as of now"
 * @param start the first key, without the list's prefix
 */
record ContinueToken(long revision, String start) {

    static final long INCONSISTENT = -1;

    private static final String VERSION = "meta.k8s.io/v1";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    String encode() {
        ObjectNode token = MAPPER.createObjectNode();
        token.put("v", VERSION);
        token.put("rv", revision);
        token.put("start", "/" + start);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MAPPER.writeValueAsBytes(token));
    }

    /** {@code text} back to a token; INVALID with upstream's words when it is none. */
    static ContinueToken decode(String text) {
        JsonNode token;
        try {
            byte[] json = Base64.getUrlDecoder().decode(text);
            token = MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JacksonException e) {
            throw invalid("invalid continue token: continue key is not valid: " + complaint(text));
        }
        if (!token.path("v").asString("").equals(VERSION)) {
            throw invalid(
                    "invalid continue token: continue key is not valid: server does not recognize this encoded version "
                            + token.path("v").asString(""));
        }
        long revision = token.path("rv").asLong(0);
        String start = token.path("start").asString("");
        if (revision == 0) {
            throw invalid(
                    "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }
        if (start.isEmpty()) {
            throw invalid(
                    "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
        }
        String key = start.startsWith("/") ? start.substring(1) : start;
        if (key.startsWith("/") || key.contains("../") || key.contains("//")) {
            throw invalid("invalid continue token: continue key is not valid: " + start);
        }
        return new ContinueToken(revision, key);
    }

    /** Go's words for what is no JSON. */
    private static String complaint(String text) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(text);
            return json.length == 0
                    ? "unexpected end of JSON input"
                    : "invalid character '"
                            + (char) (json[0] & 0xff)
                            + "' looking for beginning of value";
        } catch (IllegalArgumentException e) {
            return "illegal base64 data at input byte 0";
        }
    }

    private static StorageException invalid(String message) {
        return new StorageException(StorageException.Kind.INVALID, message);
    }
}
