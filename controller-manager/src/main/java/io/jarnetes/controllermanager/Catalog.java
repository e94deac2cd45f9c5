package io.jarnetes.controllermanager;

import io.jarnetes.controllermanager.admissionpolicy.PolicyStatus;
import io.jarnetes.controllermanager.certificates.CertificateControllers;
import io.jarnetes.controllermanager.clusterrole.ClusterRoleAggregation;
import io.jarnetes.controllermanager.daemonset.DaemonSetController;
import io.jarnetes.controllermanager.deployment.DeploymentController;
import io.jarnetes.controllermanager.disruption.DisruptionController;
import io.jarnetes.controllermanager.endpoints.EndpointSliceController;
import io.jarnetes.controllermanager.endpoints.EndpointSliceMirroring;
import io.jarnetes.controllermanager.endpoints.EndpointsController;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.garbage.GarbageCollector;
import io.jarnetes.controllermanager.job.CronJobController;
import io.jarnetes.controllermanager.job.JobController;
import io.jarnetes.controllermanager.namespace.NamespaceController;
import io.jarnetes.controllermanager.node.NodeTtl;
import io.jarnetes.controllermanager.nodelifecycle.NodeLifecycleController;
import io.jarnetes.controllermanager.nodelifecycle.TaintEviction;
import io.jarnetes.controllermanager.podgc.PodGarbageCollector;
import io.jarnetes.controllermanager.protection.Protection;
import io.jarnetes.controllermanager.quota.ResourceQuotaController;
import io.jarnetes.controllermanager.replicaset.ReplicaSetController;
import io.jarnetes.controllermanager.rootca.RootCaPublisher;
import io.jarnetes.controllermanager.serviceaccount.ServiceAccountController;
import io.jarnetes.controllermanager.servicecidr.ServiceCidrController;
import io.jarnetes.controllermanager.statefulset.StatefulSetController;
import io.jarnetes.controllermanager.token.TokenController;
import io.jarnetes.controllermanager.ttlafterfinished.TtlAfterFinished;
import io.jarnetes.controllermanager.volume.EphemeralVolumes;
import io.jarnetes.controllermanager.volume.VolumeBinder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All controllers there are, in the order in which they start. */
final class Catalog {

    /**
     * One controller.
     *
     * @param name as in {@code --controllers}
     * @param alias the name of old, accepted too
     * @param byDefault whether {@code *} means it
     */
    record Entry(String name, String alias, boolean byDefault, Controller.Starter starter) {
        /** Whether its first work comes before the others start: the accounts of namespaces. */
        boolean first() {
            return name.equals("serviceaccount-controller");
        }
    }

    /** Upstream's, whether they are here or not: naming one that isn't is no mistake. */
    static final Set<String> UPSTREAM_ONLY =
            Set.of(
                    "bootstrap-signer-controller",
                    "bootstrapsigner",
                    "token-cleaner-controller",
                    "tokencleaner",
                    "service-lb-controller",
                    "service",
                    "node-route-controller",
                    "route",
                    "cloud-node-lifecycle-controller",
                    "cloud-node-lifecycle",
                    "selinux-warning-controller",
                    "storage-version-migrator-controller",
                    "storage-version-migrator",
                    "device-taint-eviction-controller",
                    "persistentvolume-attach-detach-controller",
                    "attachdetach",
                    "persistentvolume-expander-controller",
                    "persistentvolume-expander",
                    "legacy-serviceaccount-token-cleaner-controller",
                    "legacy-service-account-token-cleaner",
                    "resourceclaim-controller",
                    "resource-claim-controller",
                    "horizontal-pod-autoscaler-controller",
                    "horizontalpodautoscaling",
                    "node-ipam-controller",
                    "nodeipam",
                    "kube-apiserver-serving-clustertrustbundle-publisher-controller",
                    "podcertificaterequest-cleaner-controller",
                    "podgroup-protection-controller",
                    "resourcepoolstatusrequest-controller",
                    "storageversion-garbage-collector-controller",
                    "storage-version-gc");

    private Catalog() {}

    static List<Entry> entries() {
        return List.of(
                entry(
                        "serviceaccount-controller",
                        "serviceaccount",
                        ServiceAccountController::start),
                entry(
                        "serviceaccount-token-controller",
                        "serviceaccount-token",
                        TokenController::start),
                entry(
                        "root-ca-certificate-publisher-controller",
                        "root-ca-cert-publisher",
                        RootCaPublisher::start),
                entry("namespace-controller", "namespace", NamespaceController::start),
                entry("deployment-controller", "deployment", DeploymentController::start),
                entry("replicaset-controller", "replicaset", ReplicaSetController::replicaSets),
                entry(
                        "replicationcontroller-controller",
                        "replicationcontroller",
                        ReplicaSetController::replicationControllers),
                entry(
                        "clusterrole-aggregation-controller",
                        "clusterrole-aggregation",
                        ClusterRoleAggregation::start),
                entry("endpointslice-controller", "endpointslice", EndpointSliceController::start),
                entry("endpoints-controller", "endpoint", EndpointsController::start),
                entry(
                        "endpointslice-mirroring-controller",
                        "endpointslicemirroring",
                        EndpointSliceMirroring::start),
                entry("node-lifecycle-controller", "nodelifecycle", NodeLifecycleController::start),
                entry("taint-eviction-controller", "taint-eviction", TaintEviction::start),
                entry("pod-garbage-collector-controller", "podgc", PodGarbageCollector::start),
                entry("statefulset-controller", "statefulset", StatefulSetController::start),
                entry("daemonset-controller", "daemonset", DaemonSetController::start),
                entry("job-controller", "job", JobController::start),
                entry("cronjob-controller", "cronjob", CronJobController::start),
                entry("resourcequota-controller", "resourcequota", ResourceQuotaController::start),
                entry(
                        "certificatesigningrequest-approving-controller",
                        "csrapproving",
                        CertificateControllers::approving),
                entry(
                        "certificatesigningrequest-signing-controller",
                        "csrsigning",
                        CertificateControllers::signing),
                entry(
                        "certificatesigningrequest-cleaner-controller",
                        "csrcleaner",
                        CertificateControllers::cleaning),
                entry("disruption-controller", "disruption", DisruptionController::start),
                entry(
                        "service-cidr-controller",
                        "service-cidr-controller",
                        ServiceCidrController::start),
                entry("ttl-controller", "ttl", NodeTtl::start),
                entry(
                        "ttl-after-finished-controller",
                        "ttl-after-finished",
                        TtlAfterFinished::start),
                entry(
                        "persistentvolumeclaim-protection-controller",
                        "pvc-protection",
                        Protection::claims),
                entry(
                        "persistentvolume-protection-controller",
                        "pv-protection",
                        Protection::volumes),
                entry(
                        "volumeattributesclass-protection-controller",
                        "vac-protection",
                        Protection::volumeClasses),
                entry(
                        "validatingadmissionpolicy-status-controller",
                        "validatingadmissionpolicy-status",
                        PolicyStatus::start),
                entry(
                        "persistentvolume-binder-controller",
                        "persistentvolume-binder",
                        VolumeBinder::start),
                entry("ephemeral-volume-controller", "ephemeral-volume", EphemeralVolumes::start),
                entry("garbage-collector-controller", "garbagecollector", GarbageCollector::start));
    }

    private static Entry entry(String name, String alias, Controller.Starter starter) {
        return new Entry(name, alias, true, starter);
    }

    /** Whether a list as {@code --controllers} has it switches an entry on. */
    static boolean enabled(Entry entry, List<String> selection) {
        boolean all = false;
        for (String word : selection) {
            if (word.equals(entry.name()) || word.equals(entry.alias())) {
                return true;
            }
            if (word.equals("-" + entry.name()) || word.equals("-" + entry.alias())) {
                return false;
            }
            all |= word.equals("*");
        }
        return all && entry.byDefault();
    }

    /** The words of a selection that name no controller, here or upstream. */
    static Set<String> unknown(List<String> selection) {
        Set<String> unknown = new TreeSet<>();
        for (String word : selection) {
            String name = word.startsWith("-") ? word.substring(1) : word;
            boolean known =
                    name.equals("*")
                            || UPSTREAM_ONLY.contains(name)
                            || entries().stream()
                                    .anyMatch(entry ->
                                            name.equals(entry.name())
                                                    || name.equals(entry.alias()));
            if (!known) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    /** The accounts of kube-system that controllers act as; made at the start. */
    static List<String> accounts() {
        return List.of(
                "attachdetach-controller",
                "certificate-controller",
                "cronjob-controller",
                "daemon-set-controller",
                "deployment-controller",
                "device-taint-eviction-controller",
                "disruption-controller",
                "endpoint-controller",
                "endpointslice-controller",
                "endpointslicemirroring-controller",
                "ephemeral-volume-controller",
                "expand-controller",
                "generic-garbage-collector",
                "horizontal-pod-autoscaler",
                "job-controller",
                "legacy-service-account-token-cleaner",
                "namespace-controller",
                "node-controller",
                "persistent-volume-binder",
                "pod-garbage-collector",
                "pv-protection-controller",
                "pvc-protection-controller",
                "replicaset-controller",
                "replication-controller",
                "resource-claim-controller",
                "resourcequota-controller",
                "root-ca-cert-publisher",
                "service-account-controller",
                "service-cidrs-controller",
                "statefulset-controller",
                "ttl-after-finished-controller",
                "ttl-controller",
                "validatingadmissionpolicy-status-controller",
                "volumeattributesclass-protection-controller");
    }
}
