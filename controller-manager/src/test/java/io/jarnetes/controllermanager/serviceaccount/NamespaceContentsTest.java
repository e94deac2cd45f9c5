package io.jarnetes.controllermanager.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Settings;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.controllermanager.rootca.RootCaPublisher;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What every namespace has: an account and the certificate. */
class NamespaceContentsTest {

    private static final Settings SETTINGS =
            new Settings(
                    "PEM",
                    null,
                    null,
                    Duration.ofDays(1),
                    null,
                    List.of(),
                    false,
                    Duration.ofSeconds(50),
                    0);

    @AutoClose private final World world = new World(1, SETTINGS);

    @Test
    void bothComeBackWhenTheyAreDeletedOrChanged() {
        world.store().create(Resource.NAMESPACES, "", Json.of("metadata", Json.of("name", "ns")));
        world.start(ServiceAccountController::start, RootCaPublisher::start);
        world.until("account", () -> !world.gone(Resource.SERVICE_ACCOUNTS, "default"));
        world.until("map", () -> !world.gone(Resource.CONFIG_MAPS, "kube-root-ca.crt"));
        assertThat(
                        world.get(Resource.CONFIG_MAPS, "kube-root-ca.crt")
                                .annotation("kubernetes.io/description"))
                .startsWith("Contains a CA bundle that can be used to verify the kube-apiserver");
        world.caughtUp(Resource.SERVICE_ACCOUNTS, Resource.CONFIG_MAPS);
        world.delete(Resource.SERVICE_ACCOUNTS, "default");
        world.until("account again", () -> !world.gone(Resource.SERVICE_ACCOUNTS, "default"));
        world.edit(Resource.CONFIG_MAPS, "kube-root-ca.crt", "{data: {ca.crt: other, more: x}}");
        world.until(
                "map again",
                () ->
                        world.get(Resource.CONFIG_MAPS, "kube-root-ca.crt")
                                .at("data")
                                .toString()
                                .equals("{\"ca.crt\":\"PEM\"}"));
    }

    @Test
    void aNamespaceThatGoesGetsNothing() {
        world.store().create(Resource.NAMESPACES, "", Json.of("metadata", Json.of("name", "ns")));
        world.store().delete(Resource.NAMESPACES, "", "ns", Json.object());
        world.store().create(Resource.NAMESPACES, "", Json.of("metadata", Json.of("name", "new")));
        world.start(ServiceAccountController::start, RootCaPublisher::start);
        world.until(
                "the other's",
                () ->
                        world.store().find(Resource.SERVICE_ACCOUNTS, "new", "default").isPresent()
                                && world.store()
                                        .find(Resource.CONFIG_MAPS, "new", "kube-root-ca.crt")
                                        .isPresent());
        assertThat(world.gone(Resource.SERVICE_ACCOUNTS, "default")).isTrue();
        assertThat(world.gone(Resource.CONFIG_MAPS, "kube-root-ca.crt")).isTrue();
    }
}
