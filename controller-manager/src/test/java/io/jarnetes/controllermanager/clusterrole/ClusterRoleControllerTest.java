package io.jarnetes.controllermanager.clusterrole;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.Test;

class ClusterRoleControllerTest {

    @Test
    void anAggregateFollowsItsParts() {
        try (World world = new World()) {
            world.put(
                    Resource.CLUSTER_ROLES,
                    "{metadata: {name: whole}, aggregationRule: {clusterRoleSelectors:"
                            + " [{matchLabels: {part: 'yes'}}]}, rules: [{verbs: [x]}]}");
            world.put(
                    Resource.CLUSTER_ROLES,
                    "{metadata: {name: a, labels: {part: 'yes'}}, rules: [{verbs: [get]}]}");
            world.start(ClusterRoleAggregation::start);
            world.until("one", () -> rules(world).equals("[{\"verbs\":[\"get\"]}]"));
            world.put(
                    Resource.CLUSTER_ROLES,
                    "{metadata: {name: b, labels: {part: 'yes'}}, rules: [{verbs: [list]}]}");
            world.until(
                    "two",
                    () -> rules(world).equals("[{\"verbs\":[\"get\"]},{\"verbs\":[\"list\"]}]"));
            world.delete(Resource.CLUSTER_ROLES, "a");
            world.until("the other", () -> rules(world).equals("[{\"verbs\":[\"list\"]}]"));
            assertThat(world.server().writes())
                    .allSatisfy(ask -> assertThat(ask.name()).isEqualTo("whole"));
        }
    }

    private static String rules(World world) {
        return world.get(Resource.CLUSTER_ROLES, "whole").at("rules").toString();
    }
}
