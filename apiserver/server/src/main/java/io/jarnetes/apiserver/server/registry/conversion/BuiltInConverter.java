package io.jarnetes.apiserver.server.registry.conversion;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.schema.conversion.Conversion;
import io.jarnetes.apiserver.server.storage.VersionConverter;
import tools.jackson.databind.node.ObjectNode;

/** Every conversion that built-in kinds need, those of stored definitions included. */
public final class BuiltInConverter implements VersionConverter {

    private final Conversion conversion;

    public BuiltInConverter(TreeCodec codec) {
        this.conversion = new Conversion(codec);
    }

    @Override
    public ObjectNode convert(ObjectNode object, GroupVersionKind to) {
        GroupVersionKind from = GroupVersionKind.of(object);
        if (from.equals(to)) {
            return object;
        }
        if (to.kind().equals("CustomResourceDefinition")) {
            Definitions.convert(object, to);
        }
        return conversion.convert(object, to);
    }
}
