package io.jarnetes.controllermanager.framework;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What flags decide about single controllers. Certificates and keys are PEM text.
 *
 * @param rootCa published to every namespace; null publishes nothing
 * @param signingCertificate of the cluster's CA, for CSRs; null signs nothing
 * @param signingKey its key
 * @param signingDuration the longest life of a signed certificate
 * @param serviceAccountKey signs the tokens of token Secrets; null leaves them empty
 * @param clusterCidrs the ranges of pod addresses
 * @param allocateNodeCidrs whether nodes get a part of them
 * @param nodeMonitorGracePeriod how long a node may be silent before it counts as unreachable
 * @param terminatedPodThreshold how many finished pods may stay
 */
public record Settings(
        @Nullable String rootCa,
        @Nullable String signingCertificate,
        @Nullable String signingKey,
        Duration signingDuration,
        @Nullable String serviceAccountKey,
        List<String> clusterCidrs,
        boolean allocateNodeCidrs,
        Duration nodeMonitorGracePeriod,
        int terminatedPodThreshold) {

    public Settings {
        clusterCidrs = List.copyOf(clusterCidrs);
    }
}
