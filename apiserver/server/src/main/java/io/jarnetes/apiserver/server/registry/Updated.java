package io.jarnetes.apiserver.server.registry;

import tools.jackson.databind.node.ObjectNode;

/**
 * @param object as it is stored now
 * @param created it was not there before
 */
public record Updated(ObjectNode object, boolean created) {}
