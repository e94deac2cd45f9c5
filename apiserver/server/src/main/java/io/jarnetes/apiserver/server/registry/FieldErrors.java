package io.jarnetes.apiserver.server.registry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with an object. */
public final class FieldErrors {

    private final List<FieldError> errors = new ArrayList<>();

    public void add(FieldError error) {
        errors.add(error);
    }

    public void required(String field, String detail) {
        errors.add(FieldError.required(field, detail));
    }

    public void invalid(String field, @Nullable Object value, String detail) {
        errors.add(FieldError.invalid(field, value, detail));
    }

    /** One error for each message. */
    public void invalid(String field, @Nullable Object value, List<String> messages) {
        messages.forEach(message -> invalid(field, value, message));
    }

    public void forbidden(String field, String detail) {
        errors.add(FieldError.forbidden(field, detail));
    }

    public void notSupported(String field, @Nullable Object value, List<String> supported) {
        errors.add(FieldError.notSupported(field, value, supported));
    }

    public void duplicate(String field, @Nullable Object value) {
        errors.add(FieldError.duplicate(field, value));
    }

    public void notFound(String field, @Nullable Object value) {
        errors.add(FieldError.notFound(field, value));
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    public List<FieldError> all() {
        return List.copyOf(errors);
    }
}
