package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.rules.ApiServiceRules;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * APIServices: those that this server serves itself are available as soon as they are made, as in
 * upstream's kube-aggregator.
 */
final class ApiServiceStrategy implements Strategy {

    private final Supplier<String> now;

    /**
     * @param now the time as {@code metav1.Time} has it
     */
    ApiServiceStrategy(Supplier<String> now) {
        this.now = now;
    }

    @Override
    public void validate(ObjectNode service, FieldErrors errors) {
        ApiServiceRules.validate(service, errors);
    }

    @Override
    public void validateUpdate(ObjectNode service, ObjectNode old, FieldErrors errors) {
        validate(service, errors);
    }

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode object) {
        if (object.path("spec").path("service").isObject()) {
            return;
        }
        object.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("lastTransitionTime", now.get())
                .put("message", "Local APIServices are always available")
                .put("reason", "Local")
                .put("status", "True")
                .put("type", "Available");
    }
}
