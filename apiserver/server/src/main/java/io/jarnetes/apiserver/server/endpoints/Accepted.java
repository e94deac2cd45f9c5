package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.server.registry.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the client wants to get: the first clause of its Accept header that can be served.
 *
 * @param as the form: OBJECT, or a Table or PartialObjectMetadata of it
 */
record Accepted(MediaType mediaType, Form form, boolean pretty) {

    /** In which form an object is told. */
    enum Form {
        OBJECT,
        TABLE,
        PARTIAL,
        PARTIAL_LIST
    }

    private static final List<String> ONE =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

    private static final List<String> STREAMS =
            List.of(
                    "application/json;stream=watch",
                    "application/vnd.kubernetes.protobuf;stream=watch");

    private static final List<String> LISTED =
            Stream.concat(ONE.stream(), STREAMS.stream()).toList();

    private record Clause(String type, Map<String, String> parameters, double weight) {}

    /**
     * @param hasProtobuf the kind has a protobuf form; else the next clause counts
     * @throws ApiException 406: of the route when none of its media types is accepted, else of the
     *     negotiation
     */
    static Accepted of(ApiRequest request, boolean hasProtobuf) {
        String verb = request.info().verb();
        String header = String.join(",", request.headers().all("Accept"));
        String agent = request.headers().first("User-Agent");
        boolean pretty = Pretty.wanted(request.query(), agent == null ? "" : agent);
        if (header.isBlank()) {
            return new Accepted(MediaType.JSON, Form.OBJECT, pretty);
        }
        for (Clause clause : clauses(header)) {
            MediaType type = mediaType(clause.type);
            Form form = form(clause, verb);
            // Tables and PartialObjectMetadata go out as JSON: every client that asks for them
            // in protobuf offers JSON too.
            boolean possible = type != MediaType.PROTOBUF || (hasProtobuf && form == Form.OBJECT);
            if (verb.equals("watch") && type == MediaType.YAML) {
                throw ApiException.onlyAccepted(STREAMS);
            }
            if (type != null && form != null && possible) {
                boolean wanted = pretty || clause.parameters.getOrDefault("pretty", "").equals("1");
                return new Accepted(type, form, wanted && type == MediaType.JSON);
            }
        }
        if (clauses(header).stream().allMatch(clause -> mediaType(clause.type) == null)) {
            boolean collection = verb.equals("list") || verb.equals("watch");
            throw ApiException.notAcceptable(collection ? LISTED : ONE);
        }
        throw ApiException.onlyAccepted(ONE);
    }

    private static @Nullable MediaType mediaType(String type) {
        if (type.equals("*/*")) {
            return MediaType.JSON;
        }
        Optional<MediaType> known = MediaType.of(type);
        return known.orElse(null);
    }

    private static @Nullable Form form(Clause clause, String verb) {
        String as = clause.parameters.getOrDefault("as", "");
        if (as.isEmpty()) {
            return Form.OBJECT;
        }
        boolean meta =
                clause.parameters.getOrDefault("g", "").equals("meta.k8s.io")
                        && (clause.parameters.getOrDefault("v", "").equals("v1")
                                || clause.parameters.getOrDefault("v", "").equals("v1beta1"));
        if (!meta) {
            return null;
        }
        return switch (as) {
            case "Table" -> Form.TABLE;
            case "PartialObjectMetadata" -> verb.equals("list") ? null : Form.PARTIAL;
            case "PartialObjectMetadataList" -> verb.equals("list") ? Form.PARTIAL_LIST : null;
            default -> null;
        };
    }

    private static List<Clause> clauses(String header) {
        List<Clause> clauses = new ArrayList<>();
        for (String text : header.split(",")) {
            String[] parts = text.strip().split(";");
            Map<String, String> parameters = new HashMap<>();
            double weight = 1;
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].strip().split("=", 2);
                String value = pair.length > 1 ? pair[1].replace("\"", "") : "";
                if (pair[0].equals("q")) {
                    weight = weight(value);
                } else {
                    parameters.put(pair[0].toLowerCase(Locale.ROOT), value);
                }
            }
            clauses.add(new Clause(parts[0].strip(), parameters, weight));
        }
        clauses.sort(Comparator.comparingDouble((Clause clause) -> -clause.weight));
        return clauses;
    }

    private static double weight(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
