package io.jarnetes.apiserver.schema.codec;

import java.util.Optional;

/** The encodings of objects. */
public enum MediaType {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf");

    private final String contentType;

    MediaType(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    /** The one that a Content-Type header names; its parameters are ignored. */
    public static Optional<MediaType> of(String header) {
        int end = header.indexOf(';');
        String name = (end < 0 ? header : header.substring(0, end)).strip();
        for (MediaType type : values()) {
            if (type.contentType.equalsIgnoreCase(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
