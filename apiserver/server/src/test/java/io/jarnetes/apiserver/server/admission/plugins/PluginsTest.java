package io.jarnetes.apiserver.server.admission.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.admission.FakeListers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.authorization.AlwaysAllow;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PluginsTest {

    private static final UserInfo ADMIN = new UserInfo("admin", List.of());
    private static final UserInfo NODE =
            new UserInfo("system:node:n1", List.of(UserInfo.GROUP_NODES));

    private final FakeListers listers = new FakeListers();
    private final AdmissionPlugins plugins =
            new AdmissionPlugins(listers, new AlwaysAllow(), new Random(1), 300, 300);
    private final AdmissionChain chain = plugins.chain(List.of("NodeRestriction"), List.of());

    @BeforeEach
    void cluster() {
        listers.add("", "namespaces", "{'metadata':{'name':'ns'},'status':{'phase':'Active'}}");
        listers.add(
                "", "namespaces", "{'metadata':{'name':'going'},'status':{'phase':'Terminating'}}");
        listers.add("", "serviceaccounts", "{'metadata':{'name':'default','namespace':'ns'}}");
    }

    private static AdmissionAttributes attributes(
            Operation operation,
            String resource,
            String namespace,
            String name,
            @Nullable ObjectNode object,
            @Nullable ObjectNode old,
            UserInfo user) {
        String[] parts = resource.split("/");
        String[] words = parts[0].split("\\.", 2);
        return new AdmissionAttributes(
                operation,
                words.length > 1 ? words[1] : "",
                "v1",
                "",
                words[0],
                parts.length > 1 ? parts[1] : "",
                namespace,
                name,
                object,
                old,
                null,
                false,
                user);
    }

    private ObjectNode create(String resource, String namespace, String json) {
        ObjectNode object = FakeListers.object(json);
        AdmissionAttributes attributes =
                attributes(
                        Operation.CREATE,
                        resource,
                        namespace,
                        Trees.name(object),
                        object,
                        null,
                        ADMIN);
        chain.mutate(attributes);
        chain.validate(attributes);
        return object;
    }

    @Test
    void aPodGetsAccountTokenPriorityAndTolerations() {
        ObjectNode pod =
                create(
                        "pods",
                        "ns",
                        "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c'}]}}");
        assertThat(Trees.text(pod, "spec", "serviceAccountName")).isEqualTo("default");
        assertThat(pod.path("spec").path("priority").intValue()).isZero();
        assertThat(Trees.text(pod, "spec", "preemptionPolicy")).isEqualTo("PreemptLowerPriority");
        assertThat(Trees.items(pod, "spec", "tolerations")).hasSize(2);
        String volume = Trees.text(Trees.items(pod, "spec", "volumes").getFirst(), "name");
        assertThat(volume).matches("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}");
        assertThat(pod.path("spec").path("containers").get(0).path("volumeMounts").toString())
                .isEqualTo(
                        "[{\"name\":\"%s\",\"readOnly\":true,\"mountPath\":".formatted(volume)
                                + "\"/var/run/secrets/kubernetes.io/serviceaccount\"}]");
    }

    @Test
    void anAccountMayAskForNoToken() {
        listers.add(
                "",
                "serviceaccounts",
                "{'metadata':{'name':'quiet','namespace':'ns'},"
                        + "'automountServiceAccountToken':false,'imagePullSecrets':[{'name':'r'}]}");
        ObjectNode pod =
                create(
                        "pods",
                        "ns",
                        "{'metadata':{'name':'p'},'spec':{'serviceAccountName':'quiet',"
                                + "'containers':[{'name':'c'}]}}");
        assertThat(pod.path("spec").has("volumes")).isFalse();
        assertThat(pod.path("spec").path("imagePullSecrets").toString())
                .isEqualTo("[{\"name\":\"r\"}]");
    }

    @Test
    void aMissingAccountOrNamespaceIsSaid() {
        assertThatThrownBy(() ->
                        create(
                                "pods",
                                "ns",
                                "{'metadata':{'generateName':'p-'},"
                                        + "'spec':{'serviceAccountName':'x'}}"))
                .hasMessage(
                        "pods \"p-\" is forbidden: error looking up service account ns/x:"
                                + " serviceaccount \"x\" not found");
        assertThatThrownBy(() -> create("configmaps", "no", "{'metadata':{'name':'c'}}"))
                .hasMessage("namespaces \"no\" not found");
    }

    @Test
    void aNamespaceThatGoesTakesNothingNew() {
        assertThatThrownBy(() -> create("configmaps", "going", "{'metadata':{'name':'c'}}"))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e)
                                    .hasMessage(
                                            "configmaps \"c\" is forbidden: unable to create new"
                                                    + " content in namespace going because it is"
                                                    + " being terminated");
                            assertThat(e.status().toTree().toString())
                                    .contains("NamespaceTerminating");
                        });
    }

    @Test
    void threeNamespacesNeverGo() {
        AdmissionAttributes delete =
                attributes(Operation.DELETE, "namespaces", "", "kube-system", null, null, ADMIN);
        assertThatThrownBy(() -> chain.mutate(delete))
                .hasMessage(
                        "namespaces \"kube-system\" is forbidden: this namespace may not be deleted");
    }

    @Test
    void prioritiesComeFromTheirClass() {
        listers.add(
                "scheduling.k8s.io",
                "priorityclasses",
                "{'metadata':{'name':'high'},'value':10,'globalDefault':true}");
        ObjectNode pod = create("pods", "ns", "{'metadata':{'name':'p'},'spec':{'containers':[]}}");
        assertThat(Trees.text(pod, "spec", "priorityClassName")).isEqualTo("high");
        assertThat(Trees.number(pod, 0, "spec", "priority")).isEqualTo(10);
        assertThatThrownBy(() ->
                        create("pods", "ns", "{'metadata':{'name':'p'},'spec':{'priority':3}}"))
                .hasMessageContaining("the integer value of priority (3) must not be provided");
        assertThatThrownBy(() ->
                        create(
                                "priorityclasses.scheduling.k8s.io",
                                "",
                                "{'metadata':{'name':'b'},'value':1,'globalDefault':true}"))
                .hasMessage(
                        "priorityclasses.scheduling.k8s.io \"b\" is forbidden: PriorityClass high"
                                + " is already marked as default. Only one default can exist");
    }

    @Test
    void aNodeWritesItselfOnly() {
        ObjectNode other = FakeListers.object("{'metadata':{'name':'n2'}}");
        AdmissionAttributes foreign =
                attributes(Operation.CREATE, "nodes", "", "n2", other, null, NODE);
        assertThatThrownBy(() -> chain.mutate(foreign))
                .hasMessage(
                        "nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node"
                                + " \"n2\"");
        ObjectNode before =
                FakeListers.object(
                        "{'metadata':{'name':'n1','labels':{'kubernetes.io/os':'linux'}}}");
        ObjectNode after =
                FakeListers.object(
                        "{'metadata':{'name':'n1','labels':{'node-restriction.kubernetes.io/a':'b',"
                                + "'x':'y'}}}");
        AdmissionAttributes relabel =
                attributes(Operation.UPDATE, "nodes", "", "n1", after, before, NODE);
        assertThatThrownBy(() -> chain.mutate(relabel))
                .hasMessage(
                        "nodes \"n1\" is forbidden: is not allowed to modify labels:"
                                + " node-restriction.kubernetes.io/a");
    }

    @Test
    void namesOfPluginsAreChecked() {
        assertThatThrownBy(() -> plugins.chain(List.of("Nope"), List.of()))
                .hasMessage("enable-admission-plugins plugin \"Nope\" is unknown");
        assertThatThrownBy(() -> plugins.chain(List.of("EventRateLimit"), List.of()))
                .hasMessage("admission plugin EventRateLimit is not supported yet");
        assertThat(plugins.chain(List.of(), List.of("ServiceAccount")).names())
                .doesNotContain("ServiceAccount")
                .startsWith("NamespaceLifecycle");
    }
}
