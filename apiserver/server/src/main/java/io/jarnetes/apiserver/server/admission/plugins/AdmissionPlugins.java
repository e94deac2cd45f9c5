package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All plugins that upstream knows, those that are on, and the chain of them. */
public final class AdmissionPlugins {

    /** Upstream's order. */
    private static final List<String> ORDER =
            List.of(
                    "AlwaysAdmit",
                    "NamespaceAutoProvision",
                    "NamespaceLifecycle",
                    "NamespaceExists",
                    "LimitPodHardAntiAffinityTopology",
                    "LimitRanger",
                    "ServiceAccount",
                    "NodeRestriction",
                    "TaintNodesByCondition",
                    "AlwaysPullImages",
                    "ImagePolicyWebhook",
                    "PodSecurity",
                    "PodNodeSelector",
                    "Priority",
                    "DefaultTolerationSeconds",
                    "PodTolerationRestriction",
                    "EventRateLimit",
                    "ExtendedResourceToleration",
                    "DefaultStorageClass",
                    "StorageObjectInUseProtection",
                    "PodGroupProtection",
                    "OwnerReferencesPermissionEnforcement",
                    "PersistentVolumeClaimResize",
                    "RuntimeClass",
                    "CertificateApproval",
                    "CertificateSigning",
                    "ClusterTrustBundleAttest",
                    "CertificateSubjectRestriction",
                    "DefaultIngressClass",
                    "DenyServiceExternalIPs",
                    "PodTopologyLabels",
                    "PodGroupWorkloadExists",
                    "NodeDeclaredFeatureValidator",
                    "JobValidation",
                    "PodResizeValidator",
                    "MutatingAdmissionPolicy",
                    "MutatingAdmissionWebhook",
                    "ValidatingAdmissionPolicy",
                    "ValidatingAdmissionWebhook",
                    "ResourceQuota",
                    "AlwaysDeny");

    /** On unless disabled; those that aren't here yet do nothing. */
    private static final Set<String> DEFAULT_ON =
            Set.of(
                    "NamespaceLifecycle",
                    "LimitRanger",
                    "ServiceAccount",
                    "TaintNodesByCondition",
                    "PodSecurity",
                    "Priority",
                    "DefaultTolerationSeconds",
                    "DefaultStorageClass",
                    "StorageObjectInUseProtection",
                    "PodGroupProtection",
                    "PersistentVolumeClaimResize",
                    "RuntimeClass",
                    "CertificateApproval",
                    "CertificateSigning",
                    "ClusterTrustBundleAttest",
                    "CertificateSubjectRestriction",
                    "DefaultIngressClass",
                    "PodTopologyLabels",
                    "PodGroupWorkloadExists",
                    "NodeDeclaredFeatureValidator",
                    "JobValidation",
                    "PodResizeValidator",
                    "MutatingAdmissionPolicy",
                    "MutatingAdmissionWebhook",
                    "ValidatingAdmissionPolicy",
                    "ValidatingAdmissionWebhook",
                    "ResourceQuota");

    private final Listers listers;
    private final Authorizer authorizer;
    private final RandomGenerator random;
    private final long notReadySeconds;
    private final long unreachableSeconds;

    /**
     * @param random makes names of volumes; must be safe for all threads
     * @param notReadySeconds {@code --default-not-ready-toleration-seconds}
     * @param unreachableSeconds {@code --default-unreachable-toleration-seconds}
     */
    public AdmissionPlugins(
            Listers listers,
            Authorizer authorizer,
            RandomGenerator random,
            long notReadySeconds,
            long unreachableSeconds) {
        this.listers = listers;
        this.authorizer = authorizer;
        this.random = random;
        this.notReadySeconds = notReadySeconds;
        this.unreachableSeconds = unreachableSeconds;
    }

    /**
     * @throws IllegalArgumentException for names that upstream doesn't know, and for names in both
     *     lists
     */
    public static void check(List<String> enabled, List<String> disabled) {
        check("enable-admission-plugins", enabled);
        check("disable-admission-plugins", disabled);
        for (String name : enabled) {
            if (disabled.contains(name)) {
                throw new IllegalArgumentException(
                        "["
                                + name
                                + "] in enable-admission-plugins and disable-admission-plugins"
                                + " overlapped");
            }
        }
    }

    /**
     * The chain of what is on.
     *
     * @param enabled {@code --enable-admission-plugins}
     * @param disabled {@code --disable-admission-plugins}
     * @throws IllegalArgumentException for names that upstream doesn't know, and for plugins that
     *     are asked for and aren't there yet
     */
    public AdmissionChain chain(List<String> enabled, List<String> disabled) {
        check(enabled, disabled);
        for (String name : enabled) {
            if (!DEFAULT_ON.contains(name) && plugin(name) == null) {
                throw new IllegalArgumentException(
                        "admission plugin " + name + " is not supported yet");
            }
        }
        Set<String> on = new HashSet<>(DEFAULT_ON);
        on.addAll(enabled);
        disabled.forEach(on::remove);
        List<AdmissionPlugin> plugins = new ArrayList<>();
        for (String name : ORDER) {
            AdmissionPlugin plugin = on.contains(name) ? plugin(name) : null;
            if (plugin != null) {
                plugins.add(plugin);
            }
        }
        return new AdmissionChain(plugins);
    }

    private static void check(String flag, List<String> names) {
        for (String name : names) {
            if (!ORDER.contains(name)) {
                throw new IllegalArgumentException(flag + " plugin \"" + name + "\" is unknown");
            }
        }
    }

    private @Nullable AdmissionPlugin plugin(String name) {
        return switch (name) {
            case "NamespaceLifecycle" -> new NamespaceLifecycle(listers);
            case "LimitRanger" -> new LimitRanger(listers);
            case "ServiceAccount" -> new ServiceAccountPlugin(listers, random);
            case "NodeRestriction" -> new NodeRestriction(listers);
            case "TaintNodesByCondition" -> new TaintNodesByCondition();
            case "Priority" -> new PriorityPlugin(listers);
            case "DefaultTolerationSeconds" ->
                    new DefaultTolerationSeconds(notReadySeconds, unreachableSeconds);
            case "DefaultStorageClass" -> DefaultClasses.storage(listers);
            case "DefaultIngressClass" -> DefaultClasses.ingress(listers);
            case "StorageObjectInUseProtection" -> new StorageObjectInUseProtection();
            case "RuntimeClass" -> new RuntimeClassPlugin(listers);
            case "CertificateApproval" -> new CertificatePlugins.Approval(authorizer);
            case "CertificateSigning" -> new CertificatePlugins.Signing(authorizer);
            case "CertificateSubjectRestriction" -> new CertificatePlugins.Subject();
            default -> null;
        };
    }
}
