package io.jarnetes.controllermanager.ttlafterfinished;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TtlAfterFinishedTest {

    @Test
    void aFinishedJobGoesWhenItsTimeIsOver() {
        try (World world = new World()) {
            for (String name : new String[] {"done", "running", "kept"}) {
                world.put(
                        Resource.JOBS,
                        "{metadata: {namespace: ns, name: %s}, spec: {%s}, status: {%s}}"
                                .formatted(
                                        name,
                                        name.equals("kept") ? "" : "ttlSecondsAfterFinished: 60",
                                        name.equals("running")
                                                ? ""
                                                : "conditions: [{type: Failed, status: 'True',"
                                                        + " lastTransitionTime:"
                                                        + " '2026-01-01T00:00:00Z'}]"));
            }
            world.start(TtlAfterFinished::start);
            world.caughtUp(Resource.JOBS);
            assertThat(TtlAfterFinished.expires(world.get(Resource.JOBS, "done")))
                    .hasValue(World.START.plusSeconds(60));
            assertThat(TtlAfterFinished.expires(world.get(Resource.JOBS, "running"))).isEmpty();
            assertThat(TtlAfterFinished.expires(world.get(Resource.JOBS, "kept"))).isEmpty();
            world.clock().advance(Duration.ofSeconds(61));
            world.edit(Resource.JOBS, "done", "{metadata: {labels: {look: again}}}");
            world.until("going", () -> world.get(Resource.JOBS, "done").deleting());
            assertThat(world.get(Resource.JOBS, "done").finalizers())
                    .containsExactly("foregroundDeletion");
            assertThat(world.get(Resource.JOBS, "running").deleting()).isFalse();
            assertThat(world.get(Resource.JOBS, "kept").deleting()).isFalse();
        }
    }
}
