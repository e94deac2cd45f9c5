package io.jarnetes.etcd.server.apply;

/**
 * Whose ways are followed where upstream's versions do different things with one and the same
 * entry: all members of a cluster must do alike, or their databases part.
 */
public enum ApplyRules {
    /** Those of 3.5.30. */
    V3_5,

    /** Those of 3.6.14. */
    V3_6
}
