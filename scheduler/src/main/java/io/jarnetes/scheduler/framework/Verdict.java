package io.jarnetes.scheduler.framework;

import java.util.List;

/**
 * Whether a node fits.
 *
 * @param reasons why not; empty if it fits
 * @param resolvable whether evicting pods from the node could change that
 */
public record Verdict(List<String> reasons, boolean resolvable) {

    public static final Verdict FITS = new Verdict(List.of(), true);

    public Verdict {
        reasons = List.copyOf(reasons);
    }

    /** Evicting others could help. */
    public static Verdict unschedulable(String... reasons) {
        return new Verdict(List.of(reasons), true);
    }

    /** Nothing that happens to other pods could help. */
    public static Verdict unresolvable(String... reasons) {
        return new Verdict(List.of(reasons), false);
    }

    public boolean fits() {
        return reasons.isEmpty();
    }
}
