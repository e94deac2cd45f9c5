package io.jarnetes.apiserver.server.printers;

import java.util.Optional;

/** What a row says of its object, by the query parameter {@code includeObject}. */
public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /**
     * By the parameter's value; empty text means Metadata. Nothing for other values, which are
     * refused with {@code unrecognized includeObject value: "Foo"}.
     */
    public static Optional<IncludeObject> of(String parameter) {
        return switch (parameter) {
            case "", "Metadata" -> Optional.of(METADATA);
            case "None" -> Optional.of(NONE);
            case "Object" -> Optional.of(OBJECT);
            default -> Optional.empty();
        };
    }
}
