package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A pod's priority is that of its PriorityClass, and there is one default class at the most. */
final class PriorityPlugin implements AdmissionPlugin {

    private static final String GROUP = "scheduling.k8s.io";
    private static final String DEFAULT_POLICY = "PreemptLowerPriority";

    private final Listers listers;

    PriorityPlugin(Listers listers) {
        this.listers = listers;
    }

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE || operation == Operation.UPDATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        if (!attributes.isResource("", "pods") || pod == null) {
            return;
        }
        ObjectNode spec = Trees.child(pod, "spec");
        if (attributes.operation() == Operation.UPDATE) {
            for (String field : new String[] {"priority", "preemptionPolicy"}) {
                var old = Trees.at(attributes.oldObject(), "spec", field);
                if (old != null && Trees.at(spec, field) == null) {
                    spec.set(field, old);
                }
            }
            return;
        }
        create(attributes, spec);
    }

    private void create(AdmissionAttributes attributes, ObjectNode spec) {
        String name = Trees.text(spec, "priorityClassName");
        Optional<ObjectNode> priorityClass;
        if (name.isEmpty()) {
            priorityClass = globalDefault();
            priorityClass.ifPresent(found -> spec.put("priorityClassName", Trees.name(found)));
        } else {
            priorityClass = listers.get(GROUP, "priorityclasses", "", name);
            if (priorityClass.isEmpty()) {
                throw Refusals.forbidden(
                        attributes, "no PriorityClass with name " + name + " was found");
            }
        }
        long priority = priorityClass.map(found -> Trees.number(found, 0, "value")).orElse(0L);
        String policy =
                priorityClass
                        .map(found -> Trees.text(found, "preemptionPolicy"))
                        .filter(text -> !text.isEmpty())
                        .orElse(DEFAULT_POLICY);
        long given = Trees.number(spec, priority, "priority");
        if (given != priority) {
            throw Refusals.forbidden(
                    attributes,
                    "the integer value of priority ("
                            + given
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + priority
                            + " from the given PriorityClass name");
        }
        String givenPolicy = Trees.text(spec, "preemptionPolicy");
        if (!givenPolicy.isEmpty() && !givenPolicy.equals(policy)) {
            throw Refusals.forbidden(
                    attributes,
                    "the string value of PreemptionPolicy ("
                            + givenPolicy
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + policy
                            + " from the given PriorityClass name");
        }
        spec.put("priority", (int) priority);
        spec.put("preemptionPolicy", policy);
    }

    private Optional<ObjectNode> globalDefault() {
        return listers.list(GROUP, "priorityclasses", "").stream()
                .filter(candidate -> Trees.flag(candidate, "globalDefault"))
                .min(Comparator.comparingLong(candidate -> Trees.number(candidate, 0, "value")));
    }

    @Override
    public void validate(AdmissionAttributes attributes) {
        ObjectNode object = attributes.object();
        if (!attributes.isResource(GROUP, "priorityclasses")
                || object == null
                || !Trees.flag(object, "globalDefault")) {
            return;
        }
        Optional<ObjectNode> present = globalDefault();
        boolean same =
                attributes.operation() == Operation.UPDATE
                        && present.map(Trees::name)
                                .map(name -> name.equals(Trees.name(object)))
                                .orElse(false);
        if (present.isPresent() && !same) {
            throw Refusals.forbidden(
                    attributes,
                    "PriorityClass "
                            + Trees.name(present.get())
                            + " is already marked as default. Only one default can exist");
        }
    }
}
