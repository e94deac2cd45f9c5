package io.jarnetes.controllermanager.servicecidr;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.Test;

class ServiceCidrTest {

    @Test
    void aRangeStaysWhileAnAddressOfItIsInUse() {
        try (World world = new World()) {
            world.put(
                    Resource.SERVICE_CIDRS,
                    "{metadata: {name: main}, spec: {cidrs: [10.0.0.0/24]}}");
            world.put(Resource.IP_ADDRESSES, "{metadata: {name: 10.0.0.7}}");
            world.start(ServiceCidrController::start);
            world.until(
                    "ready",
                    () ->
                            world.get(Resource.SERVICE_CIDRS, "main").conditionTrue("Ready")
                                    && world.get(Resource.SERVICE_CIDRS, "main").finalizers().size()
                                            == 1);
            world.caughtUp(Resource.SERVICE_CIDRS);
            world.store().delete(Resource.SERVICE_CIDRS, "", "main", Json.object());
            world.until(
                    "waiting",
                    () ->
                            Json.text(
                                            world.get(Resource.SERVICE_CIDRS, "main")
                                                    .condition("Ready"),
                                            "reason")
                                    .equals("Terminating"));
            KubeObject range = world.get(Resource.SERVICE_CIDRS, "main");
            assertThat(Json.text(range.condition("Ready"), "message"))
                    .isEqualTo(
                            "There are still IPAddresses referencing the ServiceCIDR, please remove"
                                    + " them or create a new ServiceCIDR");
            world.put(
                    Resource.SERVICE_CIDRS,
                    "{metadata: {name: wider}, spec: {cidrs: [10.0.0.0/16]}}");
            world.caughtUp(Resource.SERVICE_CIDRS);
            world.put(Resource.IP_ADDRESSES, "{metadata: {name: 10.0.0.8}}");
            world.until("gone", () -> world.gone(Resource.SERVICE_CIDRS, "main"));
        }
    }
}
