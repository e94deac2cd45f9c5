package io.jarnetes.apiserver.server.registry;

import org.jspecify.annotations.Nullable;

/**
 * {@code metav1.DeleteOptions} without dryRun, which is the context's.
 *
 * @param gracePeriodSeconds null for the kind's default
 * @param propagationPolicy null for the kind's default
 * @param uid a precondition, null for none
 * @param resourceVersion a precondition, null for none
 * @param orphanDependents the deprecated form of the policy, null when not given
 */
public record DeleteOptions(
        @Nullable Long gracePeriodSeconds,
        @Nullable Propagation propagationPolicy,
        @Nullable String uid,
        @Nullable String resourceVersion,
        @Nullable Boolean orphanDependents) {

    /** What becomes of the objects that the deleted one owns. */
    public enum Propagation {
        ORPHAN("Orphan"),
        BACKGROUND("Background"),
        FOREGROUND("Foreground");

        private final String wire;

        Propagation(String wire) {
            this.wire = wire;
        }

        /** The word in the API. */
        public String wire() {
            return wire;
        }
    }

    public static final DeleteOptions DEFAULT = new DeleteOptions(null, null, null, null, null);
}
