package io.jarnetes.controllermanager.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ResourceQuotaControllerTest {

    @AutoClose private final World world = new World();

    private void says(String used) {
        world.until(
                used,
                () ->
                        world.get(Resource.RESOURCE_QUOTAS, "q")
                                .at("status", "used")
                                .toString()
                                .equals(used));
    }

    @Test
    void whatIsUsedIsCountedAgainWhenSomethingGoes() {
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: a}, spec: {containers: [{resources: {requests:"
                        + " {cpu: 500m}, limits: {memory: 1Gi}}}]}, status: {phase: Running}}");
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: b}, spec: {containers: [{resources: {requests:"
                        + " {cpu: '1'}}}]}, status: {phase: Running}}");
        world.put(Resource.SECRETS, "{metadata: {namespace: ns, name: s}}");
        world.put(Resource.SECRETS, "{metadata: {namespace: other, name: s}}");
        world.put(
                Resource.RESOURCE_QUOTAS,
                "{metadata: {namespace: ns, name: q}, spec: {hard: {pods: '10', requests.cpu: '4',"
                        + " limits.memory: 4Gi, secrets: '5', count/deployments.apps: '2'}}}");
        world.start(ResourceQuotaController::start);
        says(
                "{\"pods\":\"2\",\"requests.cpu\":\"1500m\",\"limits.memory\":\"1Gi\","
                        + "\"secrets\":\"1\",\"count/deployments.apps\":\"0\"}");
        assertThat(world.get(Resource.RESOURCE_QUOTAS, "q").text("status", "hard", "pods"))
                .isEqualTo("10");
        world.end(world.get(Resource.PODS, "b"), "Succeeded");
        says(
                "{\"pods\":\"1\",\"requests.cpu\":\"500m\",\"limits.memory\":\"1Gi\","
                        + "\"secrets\":\"1\",\"count/deployments.apps\":\"0\"}");
        world.delete(Resource.SECRETS, "s");
        says(
                "{\"pods\":\"1\",\"requests.cpu\":\"500m\",\"limits.memory\":\"1Gi\","
                        + "\"secrets\":\"0\",\"count/deployments.apps\":\"0\"}");
    }
}
