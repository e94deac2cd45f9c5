package io.jarnetes.apiserver.server.registry;

import java.util.Map;
import java.util.Set;

/**
 * What differs among kinds and is no code.
 *
 * @param generation what raises {@code metadata.generation}
 * @param createOnUpdate a PUT of a missing object creates it
 * @param unconditionalUpdate a PUT needs no resourceVersion
 * @param returnsDeleted a delete answers with the object, not with a Status
 * @param statusAtCreation whether the status that a client sends at creation counts
 */
public record KindTraits(
        NameRule nameRule,
        Generation generation,
        boolean createOnUpdate,
        boolean unconditionalUpdate,
        boolean returnsDeleted,
        boolean statusAtCreation) {

    /** What raises the generation. */
    public enum Generation {
        NONE,
        /** 1, for ever. */
        FIXED,
        /** A change of spec. */
        SPEC,
        /** A change of spec, from nothing. */
        RAISED,
        /** A change of spec or annotations. */
        SPEC_AND_ANNOTATIONS,
        /** A change of anything but metadata and status. */
        BODY,
        /** A change of anything but metadata and status, or of labels. */
        BODY_AND_LABELS
    }

    private static final Set<String> LABEL_NAMES =
            Set.of("namespaces", "services", "statefulsets.apps");
    private static final Set<String> PATH_NAMES =
            Set.of(
                    "roles.rbac.authorization.k8s.io",
                    "rolebindings.rbac.authorization.k8s.io",
                    "clusterroles.rbac.authorization.k8s.io",
                    "clusterrolebindings.rbac.authorization.k8s.io",
                    "apiservices.apiregistration.k8s.io",
                    "certificatesigningrequests.certificates.k8s.io",
                    "ipaddresses.networking.k8s.io",
                    "poddisruptionbudgets.policy");

    private static final Map<String, Generation> GENERATIONS =
            Map.ofEntries(
                    Map.entry("pods", Generation.SPEC),
                    Map.entry("podtemplates", Generation.BODY),
                    Map.entry("replicationcontrollers", Generation.SPEC),
                    Map.entry("deployments.apps", Generation.SPEC_AND_ANNOTATIONS),
                    Map.entry("replicasets.apps", Generation.SPEC),
                    Map.entry("daemonsets.apps", Generation.SPEC),
                    Map.entry("statefulsets.apps", Generation.SPEC),
                    Map.entry("jobs.batch", Generation.SPEC),
                    Map.entry("cronjobs.batch", Generation.SPEC),
                    Map.entry("ingresses.networking.k8s.io", Generation.SPEC),
                    Map.entry("ingressclasses.networking.k8s.io", Generation.SPEC),
                    Map.entry("networkpolicies.networking.k8s.io", Generation.SPEC),
                    Map.entry("poddisruptionbudgets.policy", Generation.SPEC),
                    Map.entry("endpointslices.discovery.k8s.io", Generation.BODY_AND_LABELS),
                    Map.entry("priorityclasses.scheduling.k8s.io", Generation.FIXED),
                    Map.entry("resourceslices.resource.k8s.io", Generation.SPEC),
                    Map.entry("csidrivers.storage.k8s.io", Generation.RAISED),
                    Map.entry("deviceclasses.resource.k8s.io", Generation.SPEC),
                    Map.entry("flowschemas.flowcontrol.apiserver.k8s.io", Generation.SPEC),
                    Map.entry(
                            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
                            Generation.SPEC),
                    Map.entry("customresourcedefinitions.apiextensions.k8s.io", Generation.SPEC),
                    Map.entry(
                            "validatingadmissionpolicies.admissionregistration.k8s.io",
                            Generation.SPEC),
                    Map.entry(
                            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
                            Generation.SPEC),
                    Map.entry(
                            "mutatingadmissionpolicies.admissionregistration.k8s.io",
                            Generation.SPEC),
                    Map.entry(
                            "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
                            Generation.SPEC),
                    Map.entry(
                            "validatingwebhookconfigurations.admissionregistration.k8s.io",
                            Generation.BODY),
                    Map.entry(
                            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
                            Generation.BODY));

    private static final Set<String> CREATE_ON_UPDATE =
            Set.of(
                    "runtimeclasses.node.k8s.io",
                    "roles.rbac.authorization.k8s.io",
                    "rolebindings.rbac.authorization.k8s.io",
                    "clusterroles.rbac.authorization.k8s.io",
                    "clusterrolebindings.rbac.authorization.k8s.io",
                    "leases.coordination.k8s.io",
                    "limitranges",
                    "events",
                    "events.events.k8s.io",
                    "services",
                    "endpoints");

    private static final Set<String> CONDITIONAL_UPDATE =
            Set.of(
                    "runtimeclasses.node.k8s.io",
                    "poddisruptionbudgets.policy",
                    "csidrivers.storage.k8s.io",
                    "csistoragecapacities.storage.k8s.io",
                    "volumeattachments.storage.k8s.io",
                    "csinodes.storage.k8s.io",
                    "leases.coordination.k8s.io",
                    "customresourcedefinitions.apiextensions.k8s.io",
                    "apiservices.apiregistration.k8s.io",
                    "validatingadmissionpolicies.admissionregistration.k8s.io",
                    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
                    "mutatingadmissionpolicies.admissionregistration.k8s.io",
                    "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
                    "validatingwebhookconfigurations.admissionregistration.k8s.io",
                    "mutatingwebhookconfigurations.admissionregistration.k8s.io");

    private static final Set<String> RETURNS_DELETED =
            Set.of(
                    "namespaces",
                    "pods",
                    "services",
                    "podtemplates",
                    "resourcequotas",
                    "serviceaccounts",
                    "persistentvolumes",
                    "persistentvolumeclaims",
                    "csidrivers.storage.k8s.io",
                    "csinodes.storage.k8s.io",
                    "storageclasses.storage.k8s.io",
                    "volumeattachments.storage.k8s.io",
                    "volumeattributesclasses.storage.k8s.io",
                    "deviceclasses.resource.k8s.io",
                    "resourceclaims.resource.k8s.io",
                    "resourceclaimtemplates.resource.k8s.io",
                    "resourceslices.resource.k8s.io");

    /** Kubelets register their node with its status, in one request. */
    private static final Set<String> STATUS_AT_CREATION = Set.of("nodes");

    /** Those of a custom resource. */
    public static final KindTraits CUSTOM =
            new KindTraits(NameRule.SUBDOMAIN, Generation.BODY, false, false, false, false);

    /** Those of a built-in resource. */
    public static KindTraits of(GroupResource resource) {
        String name = resource.toString();
        NameRule rule =
                LABEL_NAMES.contains(name)
                        ? NameRule.LABEL
                        : PATH_NAMES.contains(name) ? NameRule.PATH_SEGMENT : NameRule.SUBDOMAIN;
        return new KindTraits(
                rule,
                GENERATIONS.getOrDefault(name, Generation.NONE),
                CREATE_ON_UPDATE.contains(name),
                !CONDITIONAL_UPDATE.contains(name),
                RETURNS_DELETED.contains(name),
                STATUS_AT_CREATION.contains(name));
    }
}
