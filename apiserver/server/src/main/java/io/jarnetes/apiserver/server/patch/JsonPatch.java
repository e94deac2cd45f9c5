package io.jarnetes.apiserver.server.patch;

import io.jarnetes.apiserver.server.patch.PatchException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON patch (RFC 6902), with negative array indices counted from the end, as upstream has it. */
public final class JsonPatch {
    /** Operations in one patch, at most (k8s.io/apiserver maxJSONPatchOperations). */
    public static final int MAX_OPERATIONS = 10_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNode document;

    /** Objects on the way of a path, which upstream reads into maps, and so writes in order. */
    private final Set<JsonNode> walked = Collections.newSetFromMap(new IdentityHashMap<>());

    private JsonPatch(JsonNode document) {
        this.document = document;
    }

    /**
     * The original after all operations, or none of them.
     *
     * @throws PatchException if the patch is malformed, has too many operations, or one of them
     *     cannot be done
     */
    public static JsonNode apply(ObjectNode original, JsonNode patch) throws PatchException {
        if (!(patch instanceof ArrayNode operations)) {
            throw PatchException.badRequest(
                    "json: cannot unmarshal "
                            + (patch.isObject() ? "object" : patch.isString() ? "string" : "number")
                            + " into Go value of type jsonpatch.Patch");
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw new PatchException(
                    Kind.TOO_LARGE,
                    "The allowed maximum operations in a JSON patch is "
                            + MAX_OPERATIONS
                            + ", got "
                            + operations.size());
        }
        JsonPatch run = new JsonPatch(original.deepCopy());
        run.walked.add(run.document);
        for (JsonNode operation : operations) {
            run.step(operation);
        }
        run.walked.forEach(ListOrder::sortFields);
        return run.document;
    }

    private void step(JsonNode operation) throws PatchException {
        String op = operation.path("op").asString("");
        List<String> path = path(operation, "path");
        switch (op) {
            case "add" -> add(path, value(operation));
            case "remove" -> remove(path);
            case "replace" -> {
                // A field needn't be there, an item of a list must.
                if (path.isEmpty() || parent(path, op).isArray()) {
                    require(path, op);
                }
                set(path, value(operation));
            }
            case "move" -> {
                List<String> from = path(operation, "from");
                JsonNode moved = require(from, op);
                remove(from);
                add(path, moved);
            }
            case "copy" -> {
                List<String> from = path(operation, "from");
                if (!from.isEmpty()) {
                    parent(from, op);
                }
                JsonNode copied = find(from);
                add(path, copied == null ? NODES.nullNode() : copied.deepCopy());
            }
            case "test" -> test(path, operation);
            default -> throw fail("Unexpected kind: " + op);
        }
    }

    private static PatchException fail(String message) {
        return new PatchException(Kind.UNPROCESSABLE, message);
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        return value == null ? NODES.nullNode() : value.deepCopy();
    }

    private static List<String> path(JsonNode operation, String field) throws PatchException {
        JsonNode given = operation.path(field);
        if (!given.isString()) {
            throw fail(operation.path("op").asString("") + " operation has no " + field);
        }
        // Upstream doesn't look at what stands before the first slash.
        String[] parts = given.asString().split("/", -1);
        List<String> steps = new ArrayList<>();
        if (parts.length == 1 && !parts[0].isEmpty()) {
            throw fail("no such place: " + given.asString());
        }
        for (String step : Arrays.asList(parts).subList(1, parts.length)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private void test(List<String> path, JsonNode operation) throws PatchException {
        JsonNode there = find(path);
        JsonNode wanted = value(operation);
        boolean same =
                there == null || there.isNull() ? wanted.isNull() : Same.equal(there, wanted);
        if (!same) {
            throw fail("testing value /" + String.join("/", path) + " failed: test failed");
        }
    }

    private JsonNode require(List<String> path, String op) throws PatchException {
        JsonNode found = find(path);
        if (found == null) {
            throw fail(
                    op
                            + " operation does not apply: doc is missing key: /"
                            + String.join("/", path));
        }
        return found;
    }

    private @Nullable JsonNode find(List<String> path) {
        JsonNode at = document;
        for (String step : path) {
            if (at != null && at.isObject()) {
                walked.add(at);
            }
            JsonNode next = at == null ? null : child(at, step);
            at = next;
        }
        return at;
    }

    private static @Nullable JsonNode child(JsonNode at, String step) {
        if (at instanceof ArrayNode array) {
            int index = index(step, array.size());
            return index < 0 ? null : array.get(index);
        }
        return at.get(step);
    }

    /** The index of an existing item, or -1. */
    private static int index(String step, int size) {
        try {
            int index = Integer.parseInt(step);
            int from = index < 0 ? index + size : index;
            return from < size ? Math.max(from, -1) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private JsonNode parent(List<String> path, String op) throws PatchException {
        JsonNode parent = require(path.subList(0, path.size() - 1), op);
        walked.add(parent);
        return parent;
    }

    private void add(List<String> path, JsonNode value) throws PatchException {
        if (path.isEmpty()) {
            document = value;
        } else if (parent(path, "add") instanceof ArrayNode array) {
            String last = path.getLast();
            int index = last.equals("-") ? array.size() : insertion(last, array.size());
            array.insert(index, value);
        } else {
            set(path, value);
        }
    }

    private static int insertion(String step, int size) throws PatchException {
        try {
            int index = Integer.parseInt(step);
            int from = index < 0 ? index + size + 1 : index;
            if (from >= 0 && from <= size) {
                return from;
            }
        } catch (NumberFormatException e) {
            throw fail("add operation does not apply: value was not a proper array index: " + step);
        }
        throw fail("add operation does not apply: Unable to access invalid index: " + step);
    }

    private void set(List<String> path, JsonNode value) throws PatchException {
        if (path.isEmpty()) {
            document = value;
            return;
        }
        String last = path.getLast();
        switch (parent(path, "replace")) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(index(last, array.size()), value);
            default -> throw fail("add operation does not apply: doc is missing path: " + last);
        }
    }

    private void remove(List<String> path) throws PatchException {
        require(path, "remove");
        if (path.isEmpty()) {
            throw fail("remove operation does not apply: unable to remove the whole document");
        }
        String last = path.getLast();
        switch (parent(path, "remove")) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size()));
            default -> throw fail("remove operation does not apply: " + last);
        }
    }
}
