package io.jarnetes.etcd.server.simulation;

/**
 * What came of a command.
 *
 * @param revision the store's after it
 * @param changed whether it put or deleted anything
 */
record Outcome(long revision, boolean changed) {}
