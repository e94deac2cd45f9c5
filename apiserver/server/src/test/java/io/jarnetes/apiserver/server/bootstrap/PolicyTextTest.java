package io.jarnetes.apiserver.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PolicyTextTest {

    @Test
    void theWholePolicyIsThere() {
        Map<String, Long> kinds =
                PolicyText.read().stream()
                        .collect(
                                Collectors.groupingBy(
                                        object -> Trees.text(object, "kind"),
                                        Collectors.counting()));
        assertThat(kinds)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "ClusterRole", 69L,
                                "ClusterRoleBinding", 50L,
                                "Role", 7L,
                                "RoleBinding", 7L));
    }

    @Test
    void aRuleIsReadInFull() {
        List<ObjectNode> objects =
                PolicyText.parse(
                        """
                        # comment
                        # ClusterRole
                        a {aggregate-to-view} aggregates aggregate-to-edit
                        b
                          [core,apps] pods pods/status {x y} = gwD
                          URL /a /b/* = g
                          [rbac] roles = gu+escalate
                        """);
        assertThat(objects.getFirst().toString())
                .contains("\"rbac.authorization.k8s.io/aggregate-to-view\":\"true\"")
                .contains("\"rules\":null")
                .contains("{\"rbac.authorization.k8s.io/aggregate-to-edit\":\"true\"}");
        assertThat(objects.get(1).path("rules").toString())
                .isEqualTo(
                        "[{\"verbs\":[\"deletecollection\",\"get\",\"watch\"],"
                                + "\"apiGroups\":[\"\",\"apps\"],"
                                + "\"resources\":[\"pods\",\"pods/status\"],"
                                + "\"resourceNames\":[\"x\",\"y\"]},"
                                + "{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/a\",\"/b/*\"]},"
                                + "{\"verbs\":[\"escalate\",\"get\",\"update\"],"
                                + "\"apiGroups\":[\"rbac\"],\"resources\":[\"roles\"]}]");
    }

    @Test
    void everyControllerRoleIsBoundToItsAccount() {
        ObjectNode binding =
                PolicyText.read().stream()
                        .filter(o -> Trees.text(o, "kind").equals("ClusterRoleBinding"))
                        .filter(o -> Trees.name(o).equals("system:controller:job-controller"))
                        .findFirst()
                        .orElseThrow();
        assertThat(binding.path("subjects").toString())
                .isEqualTo(
                        "[{\"kind\":\"ServiceAccount\",\"name\":\"job-controller\","
                                + "\"namespace\":\"kube-system\"}]");
    }

    @Test
    void onlyMastersAreClusterAdmins() {
        List<ObjectNode> admins =
                PolicyText.read().stream()
                        .filter(o -> Trees.text(o, "roleRef", "name").equals("cluster-admin"))
                        .toList();
        assertThat(admins).hasSize(1);
        assertThat(admins.getFirst().path("subjects").toString())
                .contains("system:masters")
                .hasSizeLessThan(100);
    }
}
