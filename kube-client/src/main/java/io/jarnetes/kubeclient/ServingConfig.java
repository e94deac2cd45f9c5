package io.jarnetes.kubeclient;

import org.jspecify.annotations.Nullable;

/**
 * Where health and metrics are served over HTTPS.
 *
 * @param address to bind to, such as {@code 127.0.0.1}
 * @param port 0 for any free one
 * @param certificate PEM, with its chain; null for a self-signed one made at the first connection
 * @param key PEM of its key
 */
public record ServingConfig(
        String address, int port, @Nullable String certificate, @Nullable String key) {}
