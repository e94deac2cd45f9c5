package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.storage.Lister;
import java.util.List;

/** Reads resourceVersion, resourceVersionMatch and what hangs on them, with upstream's refusals. */
final class ResourceVersions {

    private static final String FORBIDDEN_WITH_CONTINUE =
            "resourceVersionMatch is forbidden when continue is provided";

    private ResourceVersions() {}

    /** A get's or watch's; upstream's answer to what is no number has no reason. */
    static long parse(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new ApiException(new ApiStatus(500, "", unreadable(text), null));
        }
    }

    private static long parseForList(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("invalid resource version: " + unreadable(text));
        }
    }

    private static String unreadable(String text) {
        return "resourceVersion: Invalid value: "
                + Quote.go(text)
                + ": strconv.ParseUint: parsing "
                + Quote.go(text)
                + ": invalid syntax";
    }

    static Lister.Query query(ListOptions options) {
        FieldErrors errors = new FieldErrors();
        String match = options.resourceVersionMatch();
        String version = options.resourceVersion();
        boolean continued = !options.continueToken().isEmpty();
        if (options.sendInitialEvents() != null) {
            errors.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        if (!match.isEmpty()) {
            checkMatch(match, version, continued, errors);
        }
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        if (continued && !version.isEmpty() && !version.equals("0")) {
            throw ApiException.badRequest(
                    "specifying resource version is not allowed when using continue");
        }
        return new Lister.Query(
                version.isEmpty() ? -1 : parseForList(version),
                switch (match) {
                    case "Exact" -> Lister.Match.EXACT;
                    case "NotOlderThan" -> Lister.Match.NOT_OLDER_THAN;
                    default -> Lister.Match.UNSET;
                },
                options.limit(),
                options.continueToken());
    }

    private static void checkMatch(
            String match, String version, boolean continued, FieldErrors errors) {
        if (version.isEmpty()) {
            errors.forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (continued) {
            errors.forbidden("resourceVersionMatch", FORBIDDEN_WITH_CONTINUE);
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            errors.notSupported(
                    "resourceVersionMatch", match, List.of("Exact", "NotOlderThan", ""));
        }
        if (match.equals("Exact") && version.equals("0")) {
            errors.forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    /** Where a watch starts, -1 for "not given". */
    static long watchRevision(ListOptions options) {
        FieldErrors errors = new FieldErrors();
        String match = options.resourceVersionMatch();
        if (options.sendInitialEvents() == null) {
            if (!match.isEmpty()) {
                errors.forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is"
                                + " provided");
            }
        } else if (!match.equals("NotOlderThan")) {
            errors.forbidden(
                    "resourceVersionMatch",
                    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!match.isEmpty() && !match.equals("NotOlderThan")) {
            errors.notSupported("resourceVersionMatch", match, List.of("NotOlderThan"));
        }
        if (!options.continueToken().isEmpty()) {
            errors.forbidden("continue", FORBIDDEN_WITH_CONTINUE);
        }
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return options.resourceVersion().isEmpty() ? -1 : parse(options.resourceVersion());
    }

    private static ApiException invalid(FieldErrors errors) {
        return ApiException.invalid("meta.k8s.io", "ListOptions", "", errors.all());
    }
}
