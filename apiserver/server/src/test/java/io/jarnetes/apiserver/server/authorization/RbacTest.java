package io.jarnetes.apiserver.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RbacTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final UserInfo BOB =
            new UserInfo("bob", List.of("devs", UserInfo.GROUP_AUTHENTICATED));
    private static final UserInfo ACCOUNT =
            new UserInfo("system:serviceaccount:ns:robot", List.of());

    private final RbacPolicy policy = new RbacPolicy();
    private final RbacAuthorizer rbac = new RbacAuthorizer(policy);

    @BeforeEach
    void policy() {
        policy.clusterRoles()
                .put(
                        "reader",
                        object(
                                "{'metadata':{'name':'reader'},'rules':[{'verbs':['get','list'],"
                                        + "'apiGroups':[''],'resources':['pods','*/scale']},"
                                        + "{'verbs':['get'],'nonResourceURLs':['/healthz/*']}]}"));
        policy.roles()
                .put(
                        "ns/one",
                        object(
                                "{'metadata':{'name':'one','namespace':'ns'},'rules':[{'verbs':['*'],"
                                        + "'apiGroups':[''],'resources':['configmaps'],"
                                        + "'resourceNames':['only']}]}"));
        policy.clusterRoleBindings()
                .put("readers", binding("", "readers", "ClusterRole", "reader", "Group", "devs"));
        policy.roleBindings()
                .put("ns/one", binding("ns", "one", "Role", "one", "ServiceAccount", "robot"));
        policy.roleBindings()
                .put("ns/lost", binding("ns", "lost", "Role", "lost", "User", "carol"));
    }

    private static ObjectNode binding(
            String namespace, String name, String kind, String role, String type, String who) {
        return object(
                "{'metadata':{'name':'%s','namespace':'%s'},'roleRef':{'kind':'%s','name':'%s'},"
                                .formatted(name, namespace, kind, role)
                        + "'subjects':[{'kind':'%s','name':'%s'}]}".formatted(type, who));
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) MAPPER.readTree(json.replace('\'', '"'));
    }

    private Decision ask(
            UserInfo user, String verb, String resource, String namespace, String name) {
        String[] parts = resource.split("/");
        return rbac.authorize(
                Attributes.resource(
                        user,
                        verb,
                        "",
                        "v1",
                        parts[0],
                        parts.length > 1 ? parts[1] : "",
                        namespace,
                        name));
    }

    @Test
    void aClusterBindingCountsEverywhereAndSaysWhy() {
        Decision decision = ask(BOB, "list", "pods", "any", "");
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.reason())
                .isEqualTo(
                        "RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"reader\""
                                + " to Group \"devs\"");
        assertThat(ask(BOB, "delete", "pods", "any", "x").allowed()).isFalse();
        assertThat(ask(BOB, "get", "pods/log", "any", "x").allowed()).isFalse();
        assertThat(ask(BOB, "get", "replicationcontrollers/scale", "a", "x").allowed()).isTrue();
    }

    @Test
    void aRoleBindingCountsInItsNamespaceAndForItsNames() {
        assertThat(ask(ACCOUNT, "get", "configmaps", "ns", "only").reason())
                .isEqualTo(
                        "RBAC: allowed by RoleBinding \"one/ns\" of Role \"one\" to ServiceAccount"
                                + " \"robot/ns\"");
        assertThat(ask(ACCOUNT, "get", "configmaps", "ns", "other").allowed()).isFalse();
        assertThat(ask(ACCOUNT, "list", "configmaps", "ns", "").allowed()).isFalse();
        assertThat(ask(ACCOUNT, "get", "configmaps", "ns2", "only").allowed()).isFalse();
    }

    @Test
    void pathsMatchByTheirBeginning() {
        assertThat(rbac.authorize(Attributes.path(BOB, "get", "/healthz/etcd")).allowed()).isTrue();
        assertThat(rbac.authorize(Attributes.path(BOB, "get", "/healthz")).allowed()).isFalse();
    }

    @Test
    void aBindingToNothingIsToldInTheReason() {
        assertThat(ask(new UserInfo("carol", List.of()), "get", "pods", "ns", "x").reason())
                .isEqualTo("RBAC: role.rbac.authorization.k8s.io \"lost\" not found");
    }

    @Test
    void nobodyGrantsWhatHeDoesNotHold() {
        EscalationCheck check = new EscalationCheck(policy, rbac);
        ObjectNode role =
                object(
                        "{'metadata':{'name':'esc'},'rules':[{'verbs':['get','watch','delete'],"
                                + "'apiGroups':[''],'resources':['pods']}]}");
        assertThatThrownBy(() -> check.role(BOB, new GroupResource(GROUP, "roles"), "ns", "", role))
                .isInstanceOf(ApiException.class)
                .hasMessage(
                        "roles.rbac.authorization.k8s.io \"esc\" is forbidden: user \"bob\""
                                + " (groups=[\"devs\" \"system:authenticated\"]) is attempting to"
                                + " grant RBAC permissions not currently held:\n"
                                + "{APIGroups:[\"\"], Resources:[\"pods\"],"
                                + " Verbs:[\"watch\" \"delete\"]}");
        ObjectNode held =
                object(
                        "{'metadata':{'name':'ok'},'rules':[{'verbs':['get'],"
                                + "'apiGroups':[''],'resources':['pods']}]}");
        check.role(BOB, new GroupResource(GROUP, "roles"), "ns", "", held);
        check.binding(
                BOB,
                new GroupResource(GROUP, "rolebindings"),
                "ns",
                binding("ns", "b", "ClusterRole", "reader", "User", "x"));
        assertThatThrownBy(() ->
                        check.binding(
                                BOB,
                                new GroupResource(GROUP, "rolebindings"),
                                "ns",
                                binding("ns", "b", "Role", "one", "User", "x")))
                .hasMessageContaining("ResourceNames:[\"only\"]");
    }
}
