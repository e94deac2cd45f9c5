package io.jarnetes.apiserver.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.admission.FakeListers;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.bootstrap.BootstrapPolicy;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeAuthorizerTest {

    private static final UserInfo NODE =
            new UserInfo("system:node:n1", List.of(UserInfo.GROUP_NODES));

    private final FakeListers listers = new FakeListers();
    private final PodIndex pods = new PodIndex();
    private final NodeAuthorizer authorizer =
            new NodeAuthorizer(pods, listers, BootstrapPolicy.nodeRules());

    @BeforeEach
    void pod() {
        pods.put(
                "ns/p",
                FakeListers.object(
                        "{'metadata':{'name':'p','namespace':'ns'},'spec':{'nodeName':'n1',"
                                + "'serviceAccountName':'robot','volumes':[{'name':'s',"
                                + "'secret':{'secretName':'key'}},{'name':'v',"
                                + "'persistentVolumeClaim':{'claimName':'data'}},{'name':'t',"
                                + "'projected':{'sources':[{'configMap':{'name':'ca'}}]}}],"
                                + "'containers':[{'name':'c','env':[{'name':'E','valueFrom':"
                                + "{'secretKeyRef':{'name':'env'}}}]}]}}"));
        listers.add(
                "",
                "persistentvolumes",
                "{'metadata':{'name':'pv'},'spec':{'claimRef':{'namespace':'ns','name':'data'},"
                        + "'csi':{'driver':'d','nodePublishSecretRef':{'name':'csi',"
                        + "'namespace':'drivers'}}}}");
    }

    private Decision ask(String verb, String resource, String namespace, String name) {
        String[] parts = resource.split("/");
        return authorizer.authorize(
                Attributes.resource(
                        NODE,
                        verb,
                        "",
                        "v1",
                        parts[0],
                        parts.length > 1 ? parts[1] : "",
                        namespace,
                        name));
    }

    @Test
    void aNodeReadsWhatItsPodsReferTo() {
        for (String name : List.of("key", "env")) {
            assertThat(ask("get", "secrets", "ns", name).allowed()).as(name).isTrue();
        }
        assertThat(ask("get", "secrets", "drivers", "csi").allowed()).isTrue();
        assertThat(ask("watch", "configmaps", "ns", "ca").allowed()).isTrue();
        assertThat(ask("get", "persistentvolumeclaims", "ns", "data").allowed()).isTrue();
        assertThat(ask("get", "persistentvolumes", "", "pv").allowed()).isTrue();
        assertThat(ask("create", "serviceaccounts/token", "ns", "robot").allowed()).isTrue();
        assertThat(ask("get", "pods", "ns", "p").allowed()).isTrue();
    }

    @Test
    void andNothingElse() {
        assertThat(ask("get", "secrets", "ns", "other").reason())
                .isEqualTo("no relationship found between node 'n1' and this object");
        assertThat(ask("get", "secrets", "ns2", "key").allowed()).isFalse();
        assertThat(ask("list", "secrets", "ns", "").reason()).isEqualTo("No Object name found");
        assertThat(ask("create", "serviceaccounts/token", "ns", "default").allowed()).isFalse();
        assertThat(ask("list", "nodes", "", "").reason())
                .isEqualTo("node 'n1' cannot read all nodes, only its own Node object");
        assertThat(ask("list", "pods", "", "").reason())
                .isEqualTo("can only list/watch pods with spec.nodeName field selector");
        assertThat(ask("delete", "nodes", "", "n1").allowed()).isFalse();
    }

    @Test
    void aPodThatIsGoneGivesNoRights() {
        pods.remove("ns/p");
        assertThat(ask("get", "secrets", "ns", "key").allowed()).isFalse();
    }

    @Test
    void otherUsersAreNoneOfItsBusiness() {
        Attributes asked =
                Attributes.resource(
                        new UserInfo("bob", List.of()),
                        "get",
                        "",
                        "v1",
                        "secrets",
                        "",
                        "ns",
                        "key");
        assertThat(authorizer.authorize(asked)).isEqualTo(Decision.noOpinion(""));
    }
}
