package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.registry.selectors.FieldSelector;
import io.jarnetes.apiserver.server.registry.selectors.LabelSelector;
import io.jarnetes.apiserver.server.registry.selectors.SelectorException;
import io.jarnetes.apiserver.server.storage.ResourceStorage;
import io.jarnetes.apiserver.server.storage.Selection;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** From the selectors of a request to what storage looks for. */
final class Selectors {

    private Selectors() {}

    /**
     * @throws ApiException 400 for a selector that cannot be understood
     */
    static Selection selection(
            ResourceInfo info, ResourceStorage storage, String namespace, ListOptions options) {
        try {
            LabelSelector labels = LabelSelector.parse(options.labelSelector());
            FieldSelector fields =
                    info.fieldLabels().check(FieldSelector.parse(options.fieldSelector()));
            String name = fields.exactly("metadata.name");
            String inNamespace = fields.exactly("metadata.namespace");
            String space = namespace;
            if (info.namespaced() && namespace.isEmpty() && inNamespace != null) {
                space = inNamespace;
            }
            if (name != null && !name.isEmpty() && (!info.namespaced() || !space.isEmpty())) {
                FieldSelector rest = fields.without("metadata.name");
                return new Selection(storage.key(space, name), true, filter(info, labels, rest));
            }
            return new Selection(storage.prefix(space), false, filter(info, labels, fields));
        } catch (SelectorException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Predicate<StoredObject> filter(
            ResourceInfo info, LabelSelector labels, FieldSelector fields) {
        if (labels.isEverything() && fields.isEverything()) {
            return null;
        }
        Function<ObjectNode, Map<String, String>> extract = info.fieldLabels()::values;
        return object ->
                (labels.isEverything() || labels.matches(object.labels()))
                        && (fields.isEverything() || fields.matches(object.fields(extract)));
    }
}
