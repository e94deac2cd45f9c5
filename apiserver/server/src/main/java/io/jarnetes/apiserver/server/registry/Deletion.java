package io.jarnetes.apiserver.server.registry;

import tools.jackson.databind.node.ObjectNode;

/**
 * How a delete ended.
 *
 * @param object the last state; with deletionTimestamp when it is only marked
 * @param immediate the key is gone; otherwise finalizers or a grace period hold it
 */
public record Deletion(ObjectNode object, boolean immediate) {}
