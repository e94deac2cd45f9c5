package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Binds one request to the admission chain. */
final class AdmissionAdapter implements AdmissionHook {

    private final AdmissionChain chain;
    private final RequestInfo info;
    private final RequestContext context;
    private final String kind;
    private final @Nullable ObjectNode options;
    private final boolean delete;

    /**
     * @param kind of the object in the request
     * @param options as admission sees them, null for none
     * @param delete the operation is DELETE
     */
    AdmissionAdapter(
            AdmissionChain chain,
            RequestInfo info,
            RequestContext context,
            String kind,
            @Nullable ObjectNode options,
            boolean delete) {
        this.chain = chain;
        this.info = info;
        this.context = context;
        this.kind = kind;
        this.options = options;
        this.delete = delete;
    }

    @Override
    public void mutate(ObjectNode object, @Nullable ObjectNode old) {
        run(chain::mutate, object, old);
    }

    @Override
    public void validate(@Nullable ObjectNode object, @Nullable ObjectNode old) {
        if (delete && object == null) {
            // Upstream runs the mutating half of the chain for deletes too.
            run(chain::mutate, null, old);
        }
        run(chain::validate, object, old);
    }

    private void run(
            Consumer<AdmissionAttributes> step,
            @Nullable ObjectNode object,
            @Nullable ObjectNode old) {
        step.accept(attributes(object, old));
    }

    private AdmissionAttributes attributes(@Nullable ObjectNode object, @Nullable ObjectNode old) {
        boolean subcreate = info.verb().equals("create") && !info.subresource().isEmpty();
        Operation operation =
                delete
                        ? Operation.DELETE
                        : old == null || subcreate ? Operation.CREATE : Operation.UPDATE;
        String name = info.name();
        if (name.isEmpty()) {
            ObjectNode named = object == null ? old : object;
            name = named == null ? "" : Meta.name(named);
        }
        return new AdmissionAttributes(
                operation,
                info.apiGroup(),
                info.apiVersion(),
                kind,
                info.resource(),
                info.subresource(),
                context.namespace(),
                name,
                object,
                old,
                options,
                context.dryRun(),
                context.user());
    }
}
