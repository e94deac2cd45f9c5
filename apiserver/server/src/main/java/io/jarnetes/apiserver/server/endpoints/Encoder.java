package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.codec.GoJson;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.endpoints.Accepted.Form;
import io.jarnetes.apiserver.server.endpoints.TablePrinter.IncludeObject;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.storage.Listing;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of one request: its version, media type, form and look. */
final class Encoder {

    private static final byte[] ITEMS = "\"items\":[".getBytes(StandardCharsets.US_ASCII);

    private final TreeCodec codec;
    private final TablePrinter tables;
    private final ResourceDefinition definition;
    private final Versions versions;
    private final Accepted accepted;
    private final IncludeObject include;

    /**
     * @param includeObject the query's, for Tables
     */
    Encoder(
            TreeCodec codec,
            TablePrinter tables,
            ResourceDefinition definition,
            Versions versions,
            Accepted accepted,
            String includeObject) {
        this.codec = codec;
        this.tables = tables;
        this.definition = definition;
        this.versions = versions;
        this.accepted = accepted;
        this.include = accepted.form() == Form.TABLE ? include(includeObject) : IncludeObject.NONE;
    }

    private static IncludeObject include(String text) {
        return switch (text) {
            case "", "Metadata" -> IncludeObject.METADATA;
            case "Object" -> IncludeObject.OBJECT;
            case "None" -> IncludeObject.NONE;
            default ->
                    throw ApiException.badRequest(
                            "Unable to convert to Table as requested: includeObject: Invalid"
                                    + " value: \""
                                    + text
                                    + "\": must be 'Metadata', 'Object', 'None', or empty");
        };
    }

    String contentType() {
        return accepted.mediaType().contentType();
    }

    /** Names the version, for what is kept with an object. */
    String versionName() {
        return definition.groupVersion().toString();
    }

    Accepted accepted() {
        return accepted;
    }

    /** An object that a store gave; a Status stays one whatever was asked for. */
    byte[] object(ObjectNode hub) {
        ObjectNode object = versions.toAsked(hub);
        if (object.path("kind").asString("").equals("Status")) {
            return look(tree(object));
        }
        return switch (accepted.form()) {
            case OBJECT -> look(tree(object));
            case TABLE -> look(plain(table(List.of(object), Meta.resourceVersion(object))));
            case PARTIAL, PARTIAL_LIST -> look(plain(partial(codec.canonical(object))));
        };
    }

    byte[] object(StoredObject stored) {
        return accepted.form() == Form.OBJECT
                ? look(versions.encode(stored, accepted.mediaType()))
                : object(stored.tree());
    }

    byte[] list(Listing listing) {
        return switch (accepted.form()) {
            case OBJECT ->
                    accepted.mediaType() == MediaType.JSON
                            ? look(jsonList(listing))
                            : look(tree(listTree(listing)));
            case TABLE -> look(plain(tableList(listing)));
            case PARTIAL, PARTIAL_LIST -> look(plain(partialList(listing)));
        };
    }

    /** What a watch tells of an object, before it is framed. */
    byte[] watched(StoredObject stored, boolean firstTable) {
        return switch (accepted.form()) {
            case OBJECT -> versions.encode(stored, accepted.mediaType());
            case TABLE -> plain(watchedTable(versions.tree(stored), firstTable));
            case PARTIAL, PARTIAL_LIST -> plain(partial(versions.tree(stored)));
        };
    }

    /** An object of this resource with nothing but a resourceVersion and annotations. */
    byte[] bookmark(long revision, boolean initialEventsEnd, boolean firstTable) {
        ObjectNode object = Meta.object();
        object.put("kind", definition.kind());
        object.put("apiVersion", definition.groupVersion().toString());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        zeroValues(object);
        return switch (accepted.form()) {
            case OBJECT -> codec.encode(codec.canonical(object), accepted.mediaType());
            case TABLE -> plain(watchedTable(codec.canonical(object), firstTable));
            case PARTIAL, PARTIAL_LIST -> plain(partial(object));
        };
    }

    /** What upstream's conversion of an empty workload to apps/v1 fills in. */
    private void zeroValues(ObjectNode object) {
        if (!definition.group().equals("apps")) {
            return;
        }
        switch (definition.kind()) {
            case "Deployment", "ReplicaSet", "StatefulSet" ->
                    object.putObject("spec").put("replicas", 0);
            case "DaemonSet" -> {
                ObjectNode annotations = Meta.object();
                annotations.put("deprecated.daemonset.template.generation", "0");
                ObjectNode metadata = Meta.of(object);
                annotations.setAll(
                        metadata.path("annotations") instanceof ObjectNode own
                                ? own
                                : Meta.object());
                metadata.set("annotations", annotations);
            }
            default -> {}
        }
    }

    private ObjectNode watchedTable(ObjectNode object, boolean first) {
        ObjectNode table = table(List.of(object), Meta.resourceVersion(object));
        if (!first) {
            table.putNull("columnDefinitions");
        }
        return table;
    }

    byte[] status(ObjectNode status) {
        return codec.encode(status, accepted.mediaType());
    }

    private byte[] tree(ObjectNode object) {
        return codec.encode(codec.canonical(object), accepted.mediaType());
    }

    /** What meta.k8s.io makes of objects is in order already, and no type of the schema. */
    private byte[] plain(ObjectNode object) {
        return accepted.mediaType() == MediaType.JSON
                ? GoJson.line(object)
                : codec.encode(object, accepted.mediaType());
    }

    /** Pretty or plain, and with the end of line that Go's encoder writes. */
    private byte[] look(byte[] body) {
        if (accepted.mediaType() != MediaType.JSON) {
            return body;
        }
        if (accepted.pretty()) {
            return PrettyJson.indent(body);
        }
        if (body.length > 0 && body[body.length - 1] == '\n') {
            return body;
        }
        byte[] line = Arrays.copyOf(body, body.length + 1);
        line[body.length] = '\n';
        return line;
    }

    private byte[] jsonList(Listing listing) {
        ObjectNode head =
                head(definition.kind() + "List", definition.groupVersion().toString(), listing);
        byte[] start = GoJson.line(head);
        List<byte[]> items = listing.items().stream().map(versions::item).toList();
        long size = items.stream().mapToLong(item -> item.length + 1L).sum();
        ByteArrayOutputStream out =
                new ByteArrayOutputStream((int) Math.min(size + 256, Integer.MAX_VALUE - 16));
        int end = start.length;
        while (start[end - 1] != '}') {
            end--;
        }
        out.write(start, 0, end - 1);
        out.write(',');
        out.writeBytes(ITEMS);
        boolean first = true;
        for (byte[] item : items) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(item);
        }
        out.write(']');
        out.write('}');
        return out.toByteArray();
    }

    private ObjectNode listTree(Listing listing) {
        ObjectNode list =
                head(definition.kind() + "List", definition.groupVersion().toString(), listing);
        ArrayNode items = list.putArray("items");
        for (StoredObject each : listing.items()) {
            ObjectNode item = versions.tree(each);
            item.remove(List.of("kind", "apiVersion"));
            items.add(item);
        }
        return list;
    }

    private ObjectNode partialList(Listing listing) {
        ObjectNode list = head("PartialObjectMetadataList", "meta.k8s.io/v1", listing);
        ArrayNode items = list.putArray("items");
        listing.items().forEach(each -> items.add(partial(each.tree())));
        return list;
    }

    private ObjectNode tableList(Listing listing) {
        List<ObjectNode> objects = listing.items().stream().map(versions::tree).toList();
        ObjectNode table = tables.table(definition, objects, include);
        table.set("metadata", head("", "", listing).get("metadata"));
        return table;
    }

    private ObjectNode table(List<ObjectNode> objects, String resourceVersion) {
        ObjectNode table = tables.table(definition, objects, include);
        ObjectNode metadata = table.putObject("metadata");
        if (!resourceVersion.isEmpty()) {
            metadata.put("resourceVersion", resourceVersion);
        }
        return table;
    }

    private static ObjectNode head(String kind, String apiVersion, Listing listing) {
        ObjectNode list = Meta.object();
        list.put("kind", kind);
        list.put("apiVersion", apiVersion);
        ObjectNode metadata = list.putObject("metadata");
        if (!listing.resourceVersion().isEmpty()) {
            metadata.put("resourceVersion", listing.resourceVersion());
        }
        if (!listing.continueToken().isEmpty()) {
            metadata.put("continue", listing.continueToken());
        }
        Long remaining = listing.remainingItemCount();
        if (remaining != null) {
            metadata.put("remainingItemCount", remaining);
        }
        return list;
    }

    private static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Meta.object();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/v1");
        Meta.copyField(object, partial, "metadata");
        return partial;
    }
}
