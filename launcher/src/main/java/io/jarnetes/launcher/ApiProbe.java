package io.jarnetes.launcher;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.KubeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks the API server as the administrator, to see what is ready. */
final class ApiProbe implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ApiClient connection;
    private final ApiClient client;

    ApiProbe(String server, Path certificate, Path key, Path authority) {
        try {
            connection =
                    ApiClient.connect(
                            KubeConfig.certificate(
                                    server,
                                    Files.readString(authority),
                                    Files.readString(certificate),
                                    Files.readString(key)),
                            "jarnetes");
        } catch (IOException e) {
            throw new IllegalStateException("the administrator's certificate can't be used", e);
        }
        client = connection.withTimeout(TIMEOUT);
    }

    /** The body of a GET that succeeded; empty while it doesn't. */
    Optional<String> get(String path) {
        try {
            return Optional.of(client.text(path));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
