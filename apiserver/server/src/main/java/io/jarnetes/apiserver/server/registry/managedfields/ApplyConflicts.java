package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.registry.StatusCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whom a configuration gets in the way of, in upstream's words. */
final class ApplyConflicts {

    private final Map<String, List<String>> pathsByManager = new TreeMap<>();

    void add(ManagedEntry entry, FieldSet contested) {
        List<String> paths =
                pathsByManager.computeIfAbsent(describe(entry), manager -> new ArrayList<>());
        collect(contested, "", paths);
    }

    boolean isEmpty() {
        return pathsByManager.isEmpty();
    }

    ApiException toException() {
        List<StatusCause> causes = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        pathsByManager.forEach((manager, paths) -> {
            text.append(text.isEmpty() ? "" : "\n")
                    .append("conflicts with ")
                    .append(manager)
                    .append(':');
            for (String path : paths) {
                causes.add(
                        new StatusCause("FieldManagerConflict", "conflict with " + manager, path));
                text.append("\n- ").append(path);
            }
        });
        String message =
                causes.size() == 1
                        ? "Apply failed with 1 conflict: "
                                + causes.getFirst().message()
                                + ": "
                                + causes.getFirst().field()
                        : "Apply failed with " + causes.size() + " conflicts: " + text;
        return ApiException.applyConflict(message, causes);
    }

    private static String describe(ManagedEntry entry) {
        String name = Quote.go(entry.manager());
        if (!entry.subresource().isEmpty()) {
            name = name + " with subresource " + Quote.go(entry.subresource());
        }
        if (!entry.operation().equals("Update")) {
            return name;
        }
        return name + " using " + entry.apiVersion();
    }

    private static void collect(FieldSet set, String path, List<String> paths) {
        // Upstream walks what is in a set itself before it goes deeper.
        set.children()
                .forEach((element, child) -> {
                    if (child.member()) {
                        paths.add(path + PathElements.text(element));
                    }
                });
        set.children()
                .forEach((element, child) ->
                        collect(child, path + PathElements.text(element), paths));
    }
}
