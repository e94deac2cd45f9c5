package io.jarnetes.apiserver.server.registry.services;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Reservation;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Services: addresses, node ports, IP families, and what a change of type drops. */
public final class ServiceStrategy implements Strategy {

    private static final String NONE = "None";

    private final ClusterIps addresses;
    private final NodePorts ports;

    public ServiceStrategy(ClusterIps addresses, NodePorts ports) {
        this.addresses = addresses;
        this.ports = ports;
    }

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode service, ObjectNode old) {
        boolean balanced = type(old.path("spec")).equals("LoadBalancer");
        if (balanced && !type(service.path("spec")).equals("LoadBalancer")) {
            service.putObject("status").putObject("loadBalancer");
        }
    }

    @Override
    public void validate(ObjectNode service, FieldErrors errors) {
        ServiceValidation.validate(service, errors);
    }

    @Override
    public void validateStatusUpdate(ObjectNode service, ObjectNode old, FieldErrors errors) {
        ServiceValidation.validateStatus(service, old, errors);
    }

    @Override
    public void validateUpdate(ObjectNode service, ObjectNode old, FieldErrors errors) {
        ServiceValidation.validateUpdate(service, old, errors);
    }

    @Override
    public List<String> warnings(ObjectNode service, @Nullable ObjectNode old) {
        return ServiceExtras.warnings(service);
    }

    @Override
    public Reservation reserve(
            RequestContext context, ObjectNode service, @Nullable ObjectNode old) {
        ServiceReservation reservation = new ServiceReservation(addresses, ports);
        ObjectNode spec = Meta.child(service, "spec");
        JsonNode before = old == null ? Meta.object() : old.path("spec");
        if (old != null) {
            ServiceFields.dropForType(spec, before);
            ServiceFields.keepAllocated(spec, before);
        }
        ServiceFields.normalizeClusterIps(spec, before);
        FieldErrors errors = new FieldErrors();
        boolean wants = !type(spec).equals("ExternalName");
        if (wants) {
            ServiceValidation.families(spec, errors);
            ServiceValidation.clusterIps(spec, errors);
            if (errors.isEmpty()) {
                ServiceFields.defaultFamilies(spec, addresses, errors);
            }
        }
        if (!errors.isEmpty()) {
            throw invalid(service, errors);
        }
        try {
            allocate(context, service, spec, before, reservation, errors);
        } catch (RuntimeException e) {
            reservation.rollBack();
            throw e;
        }
        if (!errors.isEmpty()) {
            reservation.rollBack();
            throw invalid(service, errors);
        }
        if (context.dryRun()) {
            reservation.takenAddresses.clear();
            reservation.takenPorts.clear();
        }
        return reservation;
    }

    private void allocate(
            RequestContext context,
            ObjectNode service,
            ObjectNode spec,
            JsonNode before,
            ServiceReservation reservation,
            FieldErrors errors) {
        Set<String> had = held(before);
        if (!type(spec).equals("ExternalName") && !clusterIp(spec).equals(NONE)) {
            addressesFor(context, service, spec, had, reservation, errors);
        }
        Set<String> has = held(spec);
        had.stream().filter(each -> !has.contains(each)).forEach(reservation.oldAddresses::add);
        if (errors.isEmpty()) {
            portsFor(context, spec, before, reservation, errors);
        }
    }

    private void addressesFor(
            RequestContext context,
            ObjectNode service,
            ObjectNode spec,
            Set<String> had,
            ServiceReservation reservation,
            FieldErrors errors) {
        List<String> wanted = Meta.strings(spec.path("clusterIPs"));
        List<String> families = Meta.strings(spec.path("ipFamilies"));
        List<String> got = new ArrayList<>();
        for (int i = 0; i < Math.max(1, families.size()); i++) {
            String asked = i < wanted.size() ? wanted.get(i) : "";
            try {
                if (asked.isEmpty()) {
                    asked = addresses.takeAny(families.get(i), service, context.dryRun());
                    reservation.takenAddresses.add(asked);
                } else if (!had.contains(asked)) {
                    addresses.take(asked, service, context.dryRun());
                    reservation.takenAddresses.add(asked);
                }
                got.add(asked);
            } catch (AllocationException e) {
                String text =
                        asked.isEmpty()
                                ? "failed to allocate a serviceIP: " + e.getMessage()
                                : "failed to allocate IP " + asked + ": " + e.getMessage();
                errors.invalid("spec.clusterIPs", spec.path("clusterIPs"), text);
                return;
            }
        }
        spec.put("clusterIP", got.getFirst());
        var array = spec.putArray("clusterIPs");
        got.forEach(array::add);
    }

    private void portsFor(
            RequestContext context,
            ObjectNode spec,
            JsonNode before,
            ServiceReservation reservation,
            FieldErrors errors) {
        Set<Integer> had = ServiceFields.nodePorts(before);
        Set<Integer> has = new HashSet<>();
        Set<String> used = new HashSet<>();
        boolean needs = ServiceFields.needsNodePorts(spec);
        int i = 0;
        for (JsonNode each : spec.path("ports")) {
            String path = "spec.ports[" + i++ + "].nodePort";
            if (!(each instanceof ObjectNode port) || !needs) {
                continue;
            }
            int asked = port.path("nodePort").asInt(0);
            try {
                if (asked == 0) {
                    asked = ports.takeAny(context.dryRun());
                    port.put("nodePort", asked);
                    reservation.takenPorts.add(asked);
                } else if (!had.contains(asked) && !has.contains(asked)) {
                    ports.take(asked, context.dryRun());
                    reservation.takenPorts.add(asked);
                }
                has.add(asked);
                // One number serves several protocols.
                if (!used.add(asked + port.path("protocol").asString("TCP"))) {
                    throw new AllocationException("provided port is already allocated");
                }
            } catch (AllocationException e) {
                errors.invalid(path, asked, String.valueOf(e.getMessage()));
                return;
            }
        }
        healthPort(context, spec, had, has, reservation, errors);
        had.stream().filter(each -> !has.contains(each)).forEach(reservation.oldPorts::add);
    }

    /** Where a balancer that must not leave the node asks whether it leads anywhere. */
    private void healthPort(
            RequestContext context,
            ObjectNode spec,
            Set<Integer> had,
            Set<Integer> has,
            ServiceReservation reservation,
            FieldErrors errors) {
        boolean needs =
                type(spec).equals("LoadBalancer")
                        && spec.path("externalTrafficPolicy").asString("").equals("Local");
        int asked = spec.path("healthCheckNodePort").asInt(0);
        if (!needs) {
            if (had.contains(asked)) {
                spec.remove("healthCheckNodePort");
            }
            return;
        }
        try {
            if (asked == 0) {
                asked = ports.takeAny(context.dryRun());
                spec.put("healthCheckNodePort", asked);
                reservation.takenPorts.add(asked);
            } else if (!had.contains(asked)) {
                ports.take(asked, context.dryRun());
                reservation.takenPorts.add(asked);
            }
            has.add(asked);
        } catch (AllocationException e) {
            errors.invalid(
                    "spec.healthCheckNodePort",
                    asked,
                    "failed to allocate requested HealthCheck NodePort "
                            + asked
                            + ": "
                            + e.getMessage());
        }
    }

    @Override
    public void released(ObjectNode service) {
        JsonNode spec = service.path("spec");
        held(spec).forEach(addresses::release);
        ports.release(ServiceFields.nodePorts(spec));
    }

    private static Set<String> held(JsonNode spec) {
        Set<String> held = new HashSet<>(Meta.strings(spec.path("clusterIPs")));
        held.add(clusterIp(spec));
        held.remove("");
        held.remove(NONE);
        return held;
    }

    static String type(JsonNode spec) {
        return spec.path("type").asString("ClusterIP");
    }

    static String clusterIp(JsonNode spec) {
        return spec.path("clusterIP").asString("");
    }

    private static ApiException invalid(ObjectNode service, FieldErrors errors) {
        return ApiException.invalid("", "Service", Meta.name(service), errors.all());
    }
}
