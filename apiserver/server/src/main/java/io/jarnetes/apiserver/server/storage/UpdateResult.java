package io.jarnetes.apiserver.server.storage;

import tools.jackson.databind.node.ObjectNode;

/**
 * @param object with its resourceVersion
 * @param created there was nothing before
 * @param removed the key is gone
 */
public record UpdateResult(ObjectNode object, boolean created, boolean removed) {}
