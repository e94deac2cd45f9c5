package io.jarnetes.apiserver.server.registry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code metav1.ListOptions}, parsed as far as the query allows; empty strings where not given.
 *
 * @param limit 0 for no limit
 * @param sendInitialEvents null when not given
 * @param timeout of a watch; null when not given
 */
public record ListOptions(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        String resourceVersionMatch,
        long limit,
        String continueToken,
        boolean allowWatchBookmarks,
        @Nullable Boolean sendInitialEvents,
        @Nullable Duration timeout) {

    /** Everything, as of now. */
    public static final ListOptions ALL = new ListOptions("", "", "", "", 0, "", false, null, null);

    /** What the selectors choose, as of now. */
    public static ListOptions selecting(String labelSelector, String fieldSelector) {
        return new ListOptions(labelSelector, fieldSelector, "", "", 0, "", false, null, null);
    }

    /** A watch from after this revision, or from the current state for {@code ""}. */
    public static ListOptions watchFrom(String resourceVersion) {
        return new ListOptions("", "", resourceVersion, "", 0, "", true, null, null);
    }
}
