package io.jarnetes.apiserver.server.registry;

/** What happens to unknown and doubled fields ({@code ?fieldValidation=}). */
public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT
}
