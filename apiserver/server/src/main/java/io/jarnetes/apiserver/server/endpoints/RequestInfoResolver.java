package io.jarnetes.apiserver.server.endpoints;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a path by upstream's rules ({@code RequestInfoFactory}): {@code /api/VERSION/…}, {@code
 * /apis/GROUP/VERSION/…}, {@code namespaces/NS/} before a resource, the old {@code /watch/} and
 * {@code /proxy/} in front of it.
 */
public final class RequestInfoResolver {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");
    private static final String METADATA_NAME = "metadata.name=";

    private RequestInfoResolver() {}

    /**
     * @param method in upper case
     * @param path decoded
     * @param query decoded
     * @throws IllegalArgumentException when nothing follows {@code watch} or {@code proxy}
     */
    public static RequestInfo resolve(String method, String path, Map<String, List<String>> query) {
        List<String> words = split(path);
        boolean core = !words.isEmpty() && words.getFirst().equals("api");
        boolean grouped = !words.isEmpty() && words.getFirst().equals("apis");
        if (words.size() < 3 || !(core || grouped) || (grouped && words.size() < 4)) {
            return other(method, path);
        }
        String group = grouped ? words.get(1) : "";
        int at = grouped ? 2 : 1;
        String version = words.get(at++);
        String verb = verb(method);
        if (words.get(at).equals("watch") || words.get(at).equals("proxy")) {
            if (words.size() == at + 1) {
                throw new IllegalArgumentException("unable to determine kind and namespace");
            }
            verb = words.get(at++);
        }
        List<String> parts = words.subList(at, words.size());
        String namespace = "";
        if (parts.getFirst().equals("namespaces") && parts.size() > 1) {
            namespace = parts.get(1);
            if (parts.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(parts.get(2))) {
                parts = parts.subList(2, parts.size());
            }
        }
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 && !verb.equals("proxy") ? parts.get(2) : "";
        if (name.isEmpty() && verb.equals("get")) {
            verb = isWatch(query) ? "watch" : "list";
            name = nameInFieldSelector(query);
        }
        if (name.isEmpty() && verb.equals("delete")) {
            verb = "deletecollection";
        }
        String prefix = core ? "api" : "apis";
        String resource = parts.getFirst();
        return new RequestInfo(
                true,
                path,
                verb,
                prefix,
                group,
                version,
                namespace,
                resource,
                subresource,
                name,
                parts);
    }

    private static RequestInfo other(String method, String path) {
        String verb = method.toLowerCase(Locale.ROOT);
        return new RequestInfo(false, path, verb, "", "", "", "", "", "", "", List.of());
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    private static boolean isWatch(Map<String, List<String>> query) {
        List<String> values = query.getOrDefault("watch", List.of());
        if (values.isEmpty()) {
            return false;
        }
        String value = values.getFirst().toLowerCase(Locale.ROOT);
        return !value.equals("false") && !value.equals("0");
    }

    /** So that a list of one name can be authorized by {@code resourceNames}. */
    private static String nameInFieldSelector(Map<String, List<String>> query) {
        List<String> selectors = query.getOrDefault("fieldSelector", List.of());
        if (selectors.isEmpty()) {
            return "";
        }
        for (String term : selectors.getFirst().split(",")) {
            String text = term.strip();
            if (text.startsWith(METADATA_NAME)) {
                String name = text.substring(METADATA_NAME.length()).replaceFirst("^=", "");
                return name.contains("/") || name.contains("%") ? "" : name;
            }
        }
        return "";
    }

    private static List<String> split(String path) {
        List<String> words = new ArrayList<>();
        String trimmed = path.replaceAll("^/+|/+$", "");
        if (!trimmed.isEmpty()) {
            words.addAll(List.of(trimmed.split("/", -1)));
        }
        return words;
    }
}
