package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds a Lease so that one of several instances works, as client-go's leader election: another
 * holder's lease counts as expired when it did not change for its duration by <em>our</em> clock.
 */
public final class LeaderElector {

    /**
     * @param identity {@code <host>_<uuid>}; an instance that starts again with the same identity
     *     goes on with its own lease at once
     * @param leaseDuration how long others wait for a holder that is silent (15 s)
     * @param renewDeadline how long the holder tries to renew before it gives up (10 s)
     * @param retryPeriod between two tries (2 s)
     */
    public record Settings(
            String namespace,
            String name,
            String identity,
            Duration leaseDuration,
            Duration renewDeadline,
            Duration retryPeriod) {

        /** Upstream's times: 15 s, 10 s, 2 s. */
        public static Settings of(String name, String identity) {
            return new Settings(
                    "kube-system",
                    name,
                    identity,
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2));
        }
    }

    private static final Duration UNREACHABLE_PERIOD = Duration.ofMillis(25);

    private final ApiClient client;
    private final Settings settings;
    private final Clock clock;
    private final Log log;
    private @Nullable KubeObject observed;
    private Instant observedAt = Instant.EPOCH;

    public LeaderElector(ApiClient client, Settings settings, Clock clock, Log log) {
        this.client = client.withTimeout(settings.renewDeadline().dividedBy(2));
        this.settings = settings;
        this.clock = clock;
        this.log = log;
    }

    /** Blocks until this instance holds the lease. */
    public void acquire() throws InterruptedException {
        String lock = settings.namespace() + "/" + settings.name();
        log.info("attempting to acquire leader lease " + lock + "...");
        while (!tryOnce()) {
            // Somebody else's lease is looked at rarely; a server that is coming up soon again.
            Thread.sleep(observed == null ? UNREACHABLE_PERIOD : settings.retryPeriod());
        }
        log.info("successfully acquired lease " + lock);
    }

    /**
     * Renews until that fails for the whole renew deadline, or until another instance holds the
     * lease; then it returns.
     */
    public void renew() throws InterruptedException {
        Instant renewed = clock.instant();
        while (Duration.between(renewed, clock.instant()).compareTo(settings.renewDeadline()) < 0) {
            Thread.sleep(settings.retryPeriod());
            if (tryOnce()) {
                renewed = clock.instant();
            } else if (observed != null && !heldByUs(observed)) {
                return;
            }
        }
        log.error(
                "Failed to renew lease",
                "lease",
                settings.namespace() + "/" + settings.name(),
                "err",
                "context deadline exceeded");
    }

    /** The Lease as last seen, for events about it. */
    public @Nullable KubeObject lease() {
        return observed;
    }

    private boolean tryOnce() {
        try {
            KubeObject current = observed;
            if (current == null || !heldByUs(current)) {
                current = look();
            }
            if (current == null) {
                observe(client.create(Resource.LEASES, settings.namespace(), fresh()));
                return true;
            }
            if (!heldByUs(current) && !expired(current)) {
                return false;
            }
            observe(client.update(Resource.LEASES, renewed(current)));
            return true;
        } catch (ApiException e) {
            if (e.conflict()) {
                observed = null;
            }
            log.debug("Error retrieving or renewing the lease", "err", e.getMessage());
            return false;
        }
    }

    private @Nullable KubeObject look() {
        KubeObject found =
                client.find(Resource.LEASES, settings.namespace(), settings.name()).orElse(null);
        if (found != null) {
            observe(found);
        }
        return found;
    }

    private void observe(KubeObject lease) {
        if (observed == null || !observed.at("spec").equals(lease.at("spec"))) {
            observedAt = clock.instant();
        }
        observed = lease;
    }

    private boolean heldByUs(KubeObject lease) {
        return lease.text("spec", "holderIdentity").equals(settings.identity());
    }

    private boolean expired(KubeObject lease) {
        int seconds = lease.number(0, "spec", "leaseDurationSeconds");
        return lease.text("spec", "holderIdentity").isEmpty()
                || observedAt.plusSeconds(seconds).isBefore(clock.instant());
    }

    private ObjectNode fresh() {
        String now = KubeObject.microTime(clock.instant());
        return Json.of(
                "metadata",
                Json.of("name", settings.name(), "namespace", settings.namespace()),
                "spec",
                Json.of(
                        "holderIdentity",
                        settings.identity(),
                        "leaseDurationSeconds",
                        settings.leaseDuration().toSeconds(),
                        "acquireTime",
                        now,
                        "renewTime",
                        now,
                        "leaseTransitions",
                        0));
    }

    private ObjectNode renewed(KubeObject current) {
        ObjectNode lease = current.copy();
        ObjectNode spec = lease.withObjectProperty("spec");
        String now = KubeObject.microTime(clock.instant());
        if (!heldByUs(current)) {
            spec.put("acquireTime", now);
            spec.put("leaseTransitions", current.number(0, "spec", "leaseTransitions") + 1);
        }
        spec.put("holderIdentity", settings.identity());
        spec.put("leaseDurationSeconds", settings.leaseDuration().toSeconds());
        spec.put("renewTime", now);
        return lease;
    }
}
