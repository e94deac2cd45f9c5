package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.GenericStore;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code bindings} and {@code pods/binding}: puts a pod on a node. */
final class BindingStore implements Store {

    private final GroupResource resource;
    private final GenericStore pods;

    BindingStore(GroupResource resource, GenericStore pods) {
        this.resource = resource;
        this.pods = pods;
    }

    @Override
    public GroupResource resource() {
        return resource;
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode binding, AdmissionHook admission) {
        String pod = Meta.name(binding);
        if (!name.isEmpty() && !name.equals(pod)) {
            throw ApiException.badRequest("name in URL does not match name in Binding object");
        }
        admission.mutate(binding, null);
        check(binding, pod);
        admission.validate(binding, null);
        pods.rawUpdate(context, pod, object -> assign(object, binding));
        return new ApiStatus(201, "", "", null).toTree();
    }

    private static void check(ObjectNode binding, String pod) {
        FieldErrors errors = new FieldErrors();
        String kind = binding.path("target").path("kind").asString("");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            errors.notSupported("target.kind", kind, List.of("Node", "<empty>"));
        }
        if (binding.path("target").path("name").asString("").isEmpty()) {
            errors.required("target.name", "");
        }
        if (!errors.isEmpty()) {
            // Upstream hands on the bare list of errors, which becomes an internal error's text.
            String text =
                    errors.all().stream()
                            .map(FieldError::toString)
                            .collect(Collectors.joining(", "));
            throw new ApiException(
                    new ApiStatus(
                            500, "", errors.all().size() == 1 ? text : "[" + text + "]", null));
        }
    }

    private ObjectNode assign(ObjectNode pod, ObjectNode binding) {
        String name = Meta.name(pod);
        String uid = Meta.uid(binding);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(pod))) {
            throw conflict(
                    name,
                    "Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Meta.uid(pod));
        }
        if (Meta.deleting(pod)) {
            throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        ObjectNode spec = Meta.child(pod, "spec");
        String node = spec.path("nodeName").asString("");
        if (!node.isEmpty()) {
            throw conflict(name, "pod " + name + " is already assigned to node \"" + node + "\"");
        }
        if (!spec.path("schedulingGates").isEmpty()) {
            throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        spec.put("nodeName", binding.path("target").path("name").asString(""));
        merge(binding, pod, "annotations");
        merge(binding, pod, "labels");
        ObjectNode status = Meta.child(pod, "status");
        status.remove("nominatedNodeName");
        setScheduled(status, pods.now());
        return pod;
    }

    private static void merge(ObjectNode from, ObjectNode to, String field) {
        JsonNode values = from.path("metadata").path(field);
        if (!values.isEmpty()) {
            ObjectNode target = Meta.child(Meta.of(to), field);
            values.properties().forEach(each -> target.set(each.getKey(), each.getValue()));
        }
    }

    private static void setScheduled(ObjectNode status, String now) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present
                        ? present
                        : status.putArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asString("").equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", "PodScheduled");
        condition.put("status", "True");
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", now);
    }

    private ApiException conflict(String pod, String why) {
        return ApiException.conflict(new GroupResource("", "pods/binding"), pod, why);
    }
}
