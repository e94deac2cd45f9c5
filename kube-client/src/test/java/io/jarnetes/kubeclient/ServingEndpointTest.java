package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.log.Log;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Serves with a certificate of its own and is asked by our own client. */
class ServingEndpointTest {

    @Test
    void servesHealthOverTls() throws Exception {
        AtomicBoolean healthy = new AtomicBoolean(true);
        ApiClient nobody =
                ApiClient.connect(
                        new KubeConfig("https://127.0.0.1:1", null, null, null, null, true),
                        "test");
        try (nobody;
                ServingEndpoint endpoint =
                        ServingEndpoint.start(
                                new ServingConfig("127.0.0.1", 0, null, null),
                                "kube-scheduler",
                                nobody,
                                healthy::get,
                                Log.none());
                ApiClient client =
                        ApiClient.connect(
                                new KubeConfig(
                                        "https://127.0.0.1:" + endpoint.port(),
                                        null,
                                        null,
                                        null,
                                        null,
                                        true),
                                "test")) {
            assertThat(client.text("/healthz")).isEqualTo("ok");
            healthy.set(false);
            assertThatCode(client, "/healthz", 500);
            // The apiserver can't be asked who may read metrics.
            assertThatCode(client, "/metrics", 500);
        }
    }

    private static void assertThatCode(ApiClient client, String path, int code) {
        try {
            assertThat(client.text(path)).isNull();
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(code);
        }
    }
}
