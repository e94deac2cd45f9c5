package io.jarnetes.apiserver.schema;

import java.util.List;

/**
 * A subresource such as {@code scale}.
 *
 * @param name without the parent's, such as {@code status}
 * @param kind what is sent and answered; its group and version may be another's (Scale)
 * @param verbs in alphabetical order
 * @param kindElsewhere whether the kind's group or version is not the parent's, so that discovery
 *     names it
 */
public record Subresource(
        String name, GroupVersionKind kind, List<String> verbs, boolean kindElsewhere) {}
