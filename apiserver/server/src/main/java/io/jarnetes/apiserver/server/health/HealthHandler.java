package io.jarnetes.apiserver.server.health;

import io.jarnetes.apiserver.server.endpoints.ApiHandler;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.http.Answers;
import io.jarnetes.base.log.Log;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of the three paths, in upstream's text: {@code ok}, or with {@code ?verbose} or on failure a
 * line for each check. {@code ?exclude=NAME} leaves one out.
 */
public final class HealthHandler implements ApiHandler {

    private final String name;
    private final List<HealthCheck> checks;
    private final Log log;

    /**
     * @param name {@code healthz}, {@code livez} or {@code readyz}
     */
    public HealthHandler(String name, List<HealthCheck> checks, Log log) {
        this.name = name;
        this.checks = List.copyOf(checks);
        this.log = log;
    }

    /** The paths of the single checks. */
    public List<String> checkPaths() {
        return checks.stream().map(check -> "/" + name + "/" + check.name()).toList();
    }

    @Override
    public void handle(ApiRequest request, ApiResponse response) {
        String path = request.path();
        String below = path.length() > name.length() + 1 ? path.substring(name.length() + 2) : "";
        if (below.isEmpty()) {
            all(request.query(), response);
        } else {
            one(below, response);
        }
    }

    private void one(String check, ApiResponse response) {
        for (HealthCheck candidate : checks) {
            if (candidate.name().equals(check)) {
                Optional<String> failure = run(candidate);
                if (failure.isPresent()) {
                    Answers.text(response, 500, "internal server error: " + failure.get() + "\n");
                } else {
                    Answers.text(response, 200, "ok");
                }
                return;
            }
        }
        Answers.notFound(response);
    }

    private void all(Map<String, List<String>> query, ApiResponse response) {
        Set<String> excluded = new HashSet<>(query.getOrDefault("exclude", List.of()));
        StringBuilder lines = new StringBuilder();
        List<String> failed = new ArrayList<>();
        for (HealthCheck check : checks) {
            if (excluded.remove(check.name())) {
                lines.append("[+]").append(check.name()).append(" excluded: ok\n");
                continue;
            }
            Optional<String> failure = run(check);
            if (failure.isPresent()) {
                failed.add(check.name());
                lines.append("[-]").append(check.name()).append(" failed: reason withheld\n");
            } else {
                lines.append("[+]").append(check.name()).append(" ok\n");
            }
        }
        if (!excluded.isEmpty()) {
            lines.append("warn: some health checks cannot be excluded: no matches for ");
            lines.append(
                    String.join(", ", excluded.stream().map(text -> '"' + text + '"').toList()));
            lines.append('\n');
        }
        if (!failed.isEmpty()) {
            log.info(name + " check failed: " + String.join(",", failed));
            Answers.text(response, 500, lines + name + " check failed\n");
        } else if (query.containsKey("verbose")) {
            Answers.text(response, 200, lines + name + " check passed\n");
        } else {
            Answers.text(response, 200, "ok");
        }
    }

    private static Optional<String> run(HealthCheck check) {
        try {
            return check.failure().get();
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
