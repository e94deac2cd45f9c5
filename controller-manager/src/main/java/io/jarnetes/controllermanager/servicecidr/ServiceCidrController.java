package io.jarnetes.controllermanager.servicecidr;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** A range that is deleted stays until no address of it is in use, unless another holds them. */
public final class ServiceCidrController {

    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

    private final Clock clock;
    private final ApiClient client;
    private final Informer ranges;
    private final Informer addresses;

    private ServiceCidrController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client("service-cidrs-controller");
        this.ranges = context.informer(Resource.SERVICE_CIDRS);
        this.addresses = context.informer(Resource.IP_ADDRESSES);
    }

    public static Controller start(ControllerContext context) {
        ServiceCidrController controller = new ServiceCidrController(context);
        return new Keyed(context, "servicecidr", 5, controller::reconcile)
                .watch(controller.ranges)
                .watch(
                        controller.addresses,
                        address ->
                                controller.ranges.list().stream()
                                        .filter(KubeObject::deleting)
                                        .map(KubeObject::name)
                                        .toList())
                .start();
    }

    private void reconcile(String name) {
        KubeObject range = ranges.get(name).orElse(null);
        if (range == null) {
            return;
        }
        if (range.deleting()) {
            if (inUse(range)) {
                ready(
                        range,
                        "False",
                        "Terminating",
                        "There are still IPAddresses referencing the ServiceCIDR, please remove them"
                                + " or create a new ServiceCIDR");
            } else {
                finalizer(range, false);
            }
            return;
        }
        if (!range.finalizers().contains(FINALIZER)) {
            finalizer(range, true);
            return;
        }
        ready(range, "True", "", "Kubernetes Service CIDR is ready");
    }

    private boolean inUse(KubeObject range) {
        List<String> own = Json.list(range.tree(), "spec", "cidrs");
        List<String> others =
                ranges.list().stream()
                        .filter(other -> !other.name().equals(range.name()) && !other.deleting())
                        .flatMap(other -> Json.list(other.tree(), "spec", "cidrs").stream())
                        .toList();
        Predicate<KubeObject> needed =
                address ->
                        own.stream().anyMatch(cidr -> contains(cidr, address.name()))
                                && others.stream()
                                        .noneMatch(cidr -> contains(cidr, address.name()));
        return addresses.list().stream().anyMatch(needed);
    }

    /** Whether an address lies in a range written as {@code address/bits}. */
    static boolean contains(String cidr, String address) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            return false;
        }
        byte[] base = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
        byte[] one = InetAddress.ofLiteral(address).getAddress();
        int bits = Integer.parseInt(cidr.substring(slash + 1));
        if (base.length != one.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((base[i / 8] & mask) != (one[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private void finalizer(KubeObject range, boolean wanted) {
        List<String> left =
                new java.util.ArrayList<>(
                        range.finalizers().stream().filter(f -> !f.equals(FINALIZER)).toList());
        if (wanted) {
            left.add(FINALIZER);
        }
        client.patch(
                Resource.SERVICE_CIDRS.path(range),
                ApiClient.Patch.MERGE,
                Json.of(
                        "metadata",
                        Json.of("resourceVersion", range.resourceVersion(), "finalizers", left)));
    }

    /** A metav1.Condition needs its reason and message, empty or not. */
    private void ready(KubeObject range, String value, String reason, String message) {
        ObjectNode tree = range.copy();
        ObjectNode status = tree.withObjectProperty("status");
        if (!Conditions.set(status, "Ready", value, reason, message, clock.instant())) {
            return;
        }
        ((ObjectNode) Conditions.find(status, "Ready")).put("reason", reason);
        client.update(Resource.SERVICE_CIDRS, tree, "status");
    }
}
