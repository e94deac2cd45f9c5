package io.jarnetes.controllermanager.disruption;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts the pods of a budget and asks their controllers how many there should be; a controller of
 * an unknown kind is asked through its scale subresource.
 */
public final class DisruptionController {

    private static final String ACCOUNT = "disruption-controller";

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer budgets;
    private final Informer pods;
    private final Map<String, Informer> owners;
    private final Keyed keyed;

    private DisruptionController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events("controllermanager", ACCOUNT);
        this.budgets = context.informer(Resource.POD_DISRUPTION_BUDGETS);
        this.pods = context.informer(Resource.PODS);
        this.owners =
                Map.of(
                        "ReplicaSet", context.informer(Resource.REPLICA_SETS),
                        "Deployment", context.informer(Resource.DEPLOYMENTS),
                        "StatefulSet", context.informer(Resource.STATEFUL_SETS),
                        "ReplicationController",
                                context.informer(Resource.REPLICATION_CONTROLLERS));
        this.keyed =
                new Keyed(context, "disruption", 1, this::reconcile)
                        .watch(budgets)
                        .watch(pods, this::concerned);
        owners.values().forEach(keyed::needs);
    }

    private static final String UNMANAGED =
            "Pods selected by this PodDisruptionBudget (selector: %s) were found to be unmanaged."
                    + " As a result, the status of the PDB cannot be calculated correctly, which"
                    + " may result in undefined behavior. To account for these pods please set"
                    + " \".spec.minAvailable\" field of the PDB to an integer value.";

    public static Controller start(ControllerContext context) {
        return new DisruptionController(context).keyed.start();
    }

    private List<String> concerned(KubeObject pod) {
        return budgets.list(pod.namespace()).stream()
                .filter(budget -> Selector.of(budget.at("spec", "selector")).matches(pod))
                .map(KubeObject::key)
                .toList();
    }

    private void reconcile(String key) {
        KubeObject budget = budgets.get(key).orElse(null);
        if (budget == null) {
            return;
        }
        Selector selector = Selector.of(budget.at("spec", "selector"));
        List<KubeObject> matched =
                pods.list(budget.namespace()).stream()
                        .filter(selector::matches)
                        .filter(pod -> !Pods.finished(pod))
                        .toList();
        if (matched.isEmpty()) {
            events.normal(budget, "NoPods", "No matching pods found");
        }
        BudgetStatus.Counts counts;
        try {
            counts =
                    BudgetStatus.count(budget, matched, expected(budget, matched), clock.instant());
        } catch (NoScale e) {
            events.warning(budget, "CalculateExpectedPodCountFailed", e.getMessage());
            write(budget, BudgetStatus.failed(budget, e.getMessage(), clock.instant()));
            return;
        }
        write(budget, BudgetStatus.of(budget, counts, clock.instant()));
        counts.recheck().ifPresent(after -> keyed.addAfter(key, after));
    }

    /** How many pods there should be; null where the budget needs only the pods themselves. */
    private @Nullable Integer expected(KubeObject budget, List<KubeObject> matched) throws NoScale {
        boolean byNumber = budget.at("spec", "minAvailable").isNumber();
        if (byNumber) {
            return null;
        }
        Set<String> seen = new HashSet<>();
        boolean unmanaged = false;
        int sum = 0;
        for (KubeObject pod : matched) {
            OwnerReference controller = pod.controller();
            if (controller == null) {
                unmanaged = true;
                continue;
            }
            Owner owner = scale(pod.namespace(), controller, pod);
            if (seen.add(owner.uid())) {
                sum += owner.replicas();
            }
        }
        if (unmanaged) {
            events.warning(
                    budget,
                    "UnmanagedPods",
                    UNMANAGED.formatted(Selector.goText(budget.at("spec", "selector"))));
        }
        return sum;
    }

    private record Owner(String uid, int replicas) {}

    private Owner scale(String namespace, OwnerReference controller, KubeObject pod)
            throws NoScale {
        KubeObject owner = known(namespace, controller).orElse(null);
        if (owner == null) {
            return custom(namespace, controller, pod);
        }
        OwnerReference above = owner.controller();
        KubeObject deployment =
                owner.kind().equals("ReplicaSet") && above != null
                        ? known(namespace, above).orElse(null)
                        : null;
        KubeObject top = deployment == null ? owner : deployment;
        return new Owner(top.uid(), top.number(1, "spec", "replicas"));
    }

    private Optional<KubeObject> known(String namespace, OwnerReference reference) {
        Informer informer = owners.get(reference.kind());
        return informer == null
                ? Optional.empty()
                : informer.get(namespace, reference.name())
                        .filter(owner -> owner.uid().equals(reference.uid()));
    }

    private Owner custom(String namespace, OwnerReference controller, KubeObject pod)
            throws NoScale {
        String group = controller.group();
        String plural = controller.kind().toLowerCase(java.util.Locale.ROOT) + "s";
        String version =
                controller.apiVersion().substring(controller.apiVersion().indexOf('/') + 1);
        Resource resource = new Resource(group, version, plural, controller.kind(), true);
        try {
            KubeObject scale =
                    KubeObject.of(client.get(resource.path(namespace, controller.name(), "scale")));
            return new Owner(controller.uid(), scale.number(0, "spec", "replicas"));
        } catch (ApiException e) {
            if (e.code() == 0) {
                throw e;
            }
            throw new NoScale(
                    plural
                            + (group.isEmpty() ? "" : "." + group)
                            + " does not implement the scale subresource");
        }
    }

    private void write(KubeObject budget, ObjectNode status) {
        if (Json.same(status, budget.at("status"))) {
            return;
        }
        ObjectNode tree = budget.copy();
        tree.set("status", status);
        client.update(Resource.POD_DISRUPTION_BUDGETS, tree, "status");
    }

    /** It can't be said how many pods there should be. */
    private static final class NoScale extends Exception {
        private static final long serialVersionUID = 1;

        NoScale(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
