package io.jarnetes.apiserver.schema.codec;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object that was read.
 *
 * @param object with {@code kind} and {@code apiVersion}, in Go's field order; the caller owns it
 * @param strictErrors unknown and double fields in upstream's words, such as {@code unknown field
 *     "spec.foo"}; with {@code fieldValidation=Strict} they refuse the request ({@link
 *     #strictMessage()}), with {@code Warn} each is a warning header, with {@code Ignore} nothing
 */
public record Decoded(ObjectNode object, List<String> strictErrors) {

    public Decoded {
        strictErrors = List.copyOf(strictErrors);
    }

    /** {@code strict decoding error: unknown field "spec.foo", unknown field "spec.bar"}. */
    public String strictMessage() {
        return "strict decoding error: " + String.join(", ", strictErrors);
    }
}
