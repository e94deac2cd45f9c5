package io.jarnetes.kubeclient;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One kind of object as the API serves it, and the paths of its objects.
 *
 * @param group the API group; empty for the core group
 * @param version such as {@code v1}
 * @param plural such as {@code deployments}
 * @param kind such as {@code Deployment}
 * @param namespaced whether objects live in namespaces
 */
public record Resource(
        String group, String version, String plural, String kind, boolean namespaced) {

    public static final Resource PODS = core("pods", "Pod", true);
    public static final Resource NODES = core("nodes", "Node", false);
    public static final Resource NAMESPACES = core("namespaces", "Namespace", false);
    public static final Resource SERVICE_ACCOUNTS = core("serviceaccounts", "ServiceAccount", true);
    public static final Resource CONFIG_MAPS = core("configmaps", "ConfigMap", true);
    public static final Resource SECRETS = core("secrets", "Secret", true);
    public static final Resource SERVICES = core("services", "Service", true);
    public static final Resource ENDPOINTS = core("endpoints", "Endpoints", true);
    public static final Resource EVENTS = core("events", "Event", true);
    public static final Resource RESOURCE_QUOTAS = core("resourcequotas", "ResourceQuota", true);
    public static final Resource REPLICATION_CONTROLLERS =
            core("replicationcontrollers", "ReplicationController", true);
    public static final Resource PERSISTENT_VOLUMES =
            core("persistentvolumes", "PersistentVolume", false);
    public static final Resource PERSISTENT_VOLUME_CLAIMS =
            core("persistentvolumeclaims", "PersistentVolumeClaim", true);
    public static final Resource EVENTS_V1 =
            new Resource("events.k8s.io", "v1", "events", "Event", true);
    public static final Resource DEPLOYMENTS = apps("deployments", "Deployment");
    public static final Resource REPLICA_SETS = apps("replicasets", "ReplicaSet");
    public static final Resource STATEFUL_SETS = apps("statefulsets", "StatefulSet");
    public static final Resource DAEMON_SETS = apps("daemonsets", "DaemonSet");
    public static final Resource CONTROLLER_REVISIONS =
            apps("controllerrevisions", "ControllerRevision");
    public static final Resource JOBS = new Resource("batch", "v1", "jobs", "Job", true);
    public static final Resource CRON_JOBS =
            new Resource("batch", "v1", "cronjobs", "CronJob", true);
    public static final Resource LEASES =
            new Resource("coordination.k8s.io", "v1", "leases", "Lease", true);
    public static final Resource ENDPOINT_SLICES =
            new Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    public static final Resource POD_DISRUPTION_BUDGETS =
            new Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);
    public static final Resource HORIZONTAL_POD_AUTOSCALERS =
            new Resource(
                    "autoscaling",
                    "v2",
                    "horizontalpodautoscalers",
                    "HorizontalPodAutoscaler",
                    true);
    public static final Resource CLUSTER_ROLES =
            new Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);
    public static final Resource CERTIFICATE_SIGNING_REQUESTS =
            new Resource(
                    "certificates.k8s.io",
                    "v1",
                    "certificatesigningrequests",
                    "CertificateSigningRequest",
                    false);
    public static final Resource SERVICE_CIDRS =
            new Resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
    public static final Resource IP_ADDRESSES =
            new Resource("networking.k8s.io", "v1", "ipaddresses", "IPAddress", false);
    public static final Resource STORAGE_CLASSES =
            new Resource("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
    public static final Resource CSI_NODES =
            new Resource("storage.k8s.io", "v1", "csinodes", "CSINode", false);
    public static final Resource VOLUME_ATTRIBUTES_CLASSES =
            new Resource(
                    "storage.k8s.io",
                    "v1",
                    "volumeattributesclasses",
                    "VolumeAttributesClass",
                    false);
    public static final Resource VALIDATING_ADMISSION_POLICIES =
            new Resource(
                    "admissionregistration.k8s.io",
                    "v1",
                    "validatingadmissionpolicies",
                    "ValidatingAdmissionPolicy",
                    false);

    private static Resource core(String plural, String kind, boolean namespaced) {
        return new Resource("", "v1", plural, kind, namespaced);
    }

    private static Resource apps(String plural, String kind) {
        return new Resource("apps", "v1", plural, kind, true);
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** All objects, of all namespaces. */
    public String path() {
        return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion() + "/" + plural;
    }

    /** The objects of a namespace; without effect for a resource of the cluster. */
    public String path(String namespace) {
        if (!namespaced || namespace.isEmpty()) {
            return path();
        }
        return (group.isEmpty() ? "/api/" : "/apis/")
                + apiVersion()
                + "/namespaces/"
                + escape(namespace)
                + "/"
                + plural;
    }

    /** One object. */
    public String path(String namespace, String name) {
        return path(namespace) + "/" + escape(name);
    }

    /** A subresource of one object. */
    public String path(String namespace, String name, String subresource) {
        return path(namespace, name) + "/" + subresource;
    }

    public String path(KubeObject object) {
        return path(object.namespace(), object.name());
    }

    public String path(KubeObject object, String subresource) {
        return path(object) + "/" + subresource;
    }

    /** {@code deployments.apps}, or {@code pods} for the core group. */
    public String groupResource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
