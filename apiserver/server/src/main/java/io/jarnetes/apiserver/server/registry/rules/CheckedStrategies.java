package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Which kinds are only looked at, and by which rules. */
public final class CheckedStrategies {

    private final Map<String, Strategy> byResource = new HashMap<>();

    private CheckedStrategies() {
        rbac();
        storage();
        work();
        cluster();
    }

    /** By resource and group, such as {@code leases.coordination.k8s.io}. */
    public static Map<String, Strategy> all() {
        return new CheckedStrategies().byResource;
    }

    private void rbac() {
        String group = ".rbac.authorization.k8s.io";
        put("roles" + group, CheckedStrategy.always(RbacRules::role));
        put("clusterroles" + group, CheckedStrategy.always(RbacRules::clusterRole));
        put(
                "rolebindings" + group,
                CheckedStrategy.of(
                        RbacRules::binding,
                        (object, old) -> {
                            RbacRules.binding(object);
                            RbacRules.sameRole(object, old);
                        }));
        put(
                "clusterrolebindings" + group,
                CheckedStrategy.of(
                        RbacRules::clusterBinding,
                        (object, old) -> {
                            RbacRules.clusterBinding(object);
                            RbacRules.sameRole(object, old);
                        }));
    }

    private void storage() {
        String group = ".storage.k8s.io";
        put(
                "storageclasses" + group,
                CheckedStrategy.of(StorageKinds::storageClass, StorageKinds::storageClassUpdate)
                        .warning(StorageKinds::classWarnings));
        put(
                "volumeattributesclasses" + group,
                CheckedStrategy.of(
                        StorageKinds::attributesClass, StorageKinds::attributesClassUpdate));
        put(
                "volumeattachments" + group,
                CheckedStrategy.of(StorageKinds::attachment, StorageKinds::attachmentUpdate));
        put("csinodes" + group, CheckedStrategy.of(StorageKinds::node, StorageKinds::nodeUpdate));
        put(
                "csidrivers" + group,
                CheckedStrategy.of(StorageKinds::driver, StorageKinds::driverUpdate)
                        .warning(StorageKinds::driverWarnings));
        put(
                "csistoragecapacities" + group,
                CheckedStrategy.of(StorageKinds::capacity, StorageKinds::capacityUpdate));
    }

    private void work() {
        put(
                "replicationcontrollers",
                CheckedStrategy.always(WorkKinds::replicationController)
                        .status(WorkKinds::replicaStatus));
        put("podtemplates", CheckedStrategy.always(WorkKinds::podTemplate));
        put(
                "controllerrevisions.apps",
                CheckedStrategy.of(WorkKinds::revision, WorkKinds::revisionUpdate));
        put(
                "horizontalpodautoscalers.autoscaling",
                CheckedStrategy.always(AutoscalerRules::validate).status(AutoscalerRules::status));
        put(
                "poddisruptionbudgets.policy",
                CheckedStrategy.always(SmallKinds::disruptionBudget)
                        .status(SmallKinds::disruptionBudgetStatus));
        put("limitranges", CheckedStrategy.always(LimitRanges::validate));
    }

    private void cluster() {
        put(
                "nodes",
                CheckedStrategy.of(ClusterKinds::node, ClusterKinds::nodeUpdate)
                        .status(ClusterKinds::nodeStatus)
                        .settling(ClusterKinds::settleRanges));
        put(
                "priorityclasses.scheduling.k8s.io",
                CheckedStrategy.of(SmallKinds::priorityClass, SmallKinds::priorityClassUpdate)
                        .keeping(SmallKinds::systemPriorityClass));
        put(
                "leases.coordination.k8s.io",
                CheckedStrategy.always(SmallKinds::lease).dropping("strategy", "preferredHolder"));
        put(
                "runtimeclasses.node.k8s.io",
                CheckedStrategy.of(
                                SmallKinds::runtimeClass,
                                (object, old) ->
                                        object.at("handler").unchanged(old.path("handler")))
                        .warning(SmallKinds::runtimeClassWarnings));
        put("endpoints", CheckedStrategy.always(EndpointKinds::endpoints));
        put("events", CheckedStrategy.always(EventRules::event));
        put("events.events.k8s.io", CheckedStrategy.of(EventRules::newer, EventRules::newerUpdate));
        put(
                "endpointslices.discovery.k8s.io",
                CheckedStrategy.of(EndpointKinds::slice, EndpointKinds::sliceUpdate)
                        .warning(EndpointKinds::sliceWarnings));
        put(
                "resourcequotas",
                CheckedStrategy.of(Quotas::validate, Quotas::update).status(Quotas::status));
        for (String kind : List.of("validating", "mutating")) {
            put(
                    kind + "webhookconfigurations.admissionregistration.k8s.io",
                    CheckedStrategy.always(WebhookRules::validate));
        }
        String group = ".networking.k8s.io";
        put(
                "ingressclasses" + group,
                CheckedStrategy.of(ClusterKinds::ingressClass, ClusterKinds::ingressClassUpdate));
        put(
                "ipaddresses" + group,
                CheckedStrategy.of(ClusterKinds::ipAddress, ClusterKinds::ipAddressUpdate));
        put(
                "servicecidrs" + group,
                CheckedStrategy.of(ClusterKinds::serviceRange, ClusterKinds::serviceRangeUpdate));
    }

    private void put(String resource, Strategy strategy) {
        byResource.put(resource, strategy);
    }

    /** The template of a claim, as StatefulSets have them. */
    public static void claimTemplate(JsonNode claim, String path, FieldErrors errors) {
        VolumeKinds.claimSpec(new Field(claim.path("spec"), path + ".spec", errors));
    }

    /** See {@link WorkKinds#counters}. */
    public static void counters(
            JsonNode status,
            List<String> counters,
            List<String> withinAll,
            String available,
            FieldErrors errors) {
        WorkKinds.counters(new Field(status, "status", errors), counters, withinAll, available);
    }

    /** The rules of volumes and claims, whose kinds have more to them. */
    public static Strategy volumes() {
        return CheckedStrategy.of(VolumeKinds::volume, VolumeKinds::volumeUpdate)
                .warning(VolumeKinds::volumeWarnings);
    }

    /** See {@link #volumes}. */
    public static Strategy claims() {
        return CheckedStrategy.of(VolumeKinds::claim, VolumeKinds::claimUpdate)
                .status(VolumeKinds::claimStatus)
                .warning(VolumeKinds::claimWarnings);
    }
}
