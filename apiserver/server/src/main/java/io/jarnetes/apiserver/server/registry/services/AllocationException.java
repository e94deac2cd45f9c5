package io.jarnetes.apiserver.server.registry.services;

/** An address or port cannot be had; the message is upstream's. */
final class AllocationException extends Exception {

    private static final long serialVersionUID = 1;

    AllocationException(String message) {
        super(message);
    }
}
