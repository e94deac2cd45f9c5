package io.jarnetes.controllermanager.admissionpolicy;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {

    @Test
    void eachGenerationIsSeen() {
        Resource policies = Resource.VALIDATING_ADMISSION_POLICIES;
        try (World world = new World()) {
            world.put(policies, "{metadata: {name: p}, spec: {a: 1}}");
            world.start(PolicyStatus::start);
            world.until("the first", () -> seen(world) == 1);
            world.edit(policies, "p", "{spec: {a: 2}}");
            world.until("the second", () -> seen(world) == 2);
            world.until(
                    "and it says that types were looked at",
                    () -> world.get(policies, "p").present("status", "typeChecking"));
        }
    }

    private static long seen(World world) {
        return world.get(Resource.VALIDATING_ADMISSION_POLICIES, "p")
                .at("status", "observedGeneration")
                .asLong(0);
    }
}
