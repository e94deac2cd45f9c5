package io.jarnetes.controllermanager.statefulset;

import static io.jarnetes.kubeclient.TestObjects.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimOwnersTest {

    private static final String SET =
            "{'apiVersion': 'apps/v1', 'kind': 'StatefulSet', 'name': 'db', 'uid': '%s',"
                    + " 'controller': true}";
    private static final String POD =
            "{'apiVersion': 'v1', 'kind': 'Pod', 'name': 'db-0', 'uid': '%s', 'controller': true}";

    private static KubeObject claim(String owners) {
        return object(
                "{'metadata': {'name': 'data-db-0', 'ownerReferences': [%s]}}".formatted(owners));
    }

    private static ClaimOwners owners(String deleted, String scaled, boolean wanted) {
        KubeObject set =
                object(
                        ("{'metadata': {'name': 'db', 'uid': 's'}, 'spec':"
                                        + " {'persistentVolumeClaimRetentionPolicy': {'whenDeleted':"
                                        + " '%s', 'whenScaled': '%s'}}}")
                                .formatted(deleted, scaled));
        return new ClaimOwners(set, "db-0", "p", wanted);
    }

    /** Which owners a claim gets that has none. */
    @ParameterizedTest
    @CsvSource({
        "Retain, Retain, true, ''",
        "Retain, Retain, false, ''",
        "Delete, Retain, true, s",
        "Delete, Retain, false, s",
        "Retain, Delete, true, ''",
        "Retain, Delete, false, p",
        "Delete, Delete, true, s",
        "Delete, Delete, false, p"
    })
    void thePolicyDecides(String deleted, String scaled, boolean wanted, String uid) {
        ClaimOwners owners = owners(deleted, scaled, wanted);
        List<String> uids =
                owners.corrected(claim("")).orElse(List.of()).stream()
                        .map(OwnerReference::uid)
                        .toList();
        assertThat(uids).isEqualTo(uid.isEmpty() ? List.of() : List.of(uid));
        String both = SET.formatted("s") + "," + POD.formatted("p");
        assertThat(owners.corrected(claim(both)).orElseThrow())
                .extracting(OwnerReference::uid)
                .isEqualTo(uids);
    }

    @Test
    void whatIsRightIsLeft() {
        assertThat(owners("Delete", "Retain", true).corrected(claim(SET.formatted("s")))).isEmpty();
        assertThat(owners("Retain", "Retain", true).corrected(claim(""))).isEmpty();
        String other =
                "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'x', 'uid': 'x', 'controller':"
                        + " false}";
        assertThat(owners("Delete", "Retain", true).corrected(claim(other)).orElseThrow())
                .extracting(OwnerReference::uid)
                .containsExactly("x", "s");
    }

    @Test
    void anOwnerThatDoesNotControlIsMadeToControl() {
        String weak = SET.formatted("s").replace("true", "false");
        assertThat(owners("Delete", "Retain", true).corrected(claim(weak)).orElseThrow())
                .extracting(OwnerReference::controller)
                .containsExactly(true);
    }

    @Test
    void aClaimOfAnotherControllerIsLeftToIt() {
        String other =
                "{'apiVersion': 'v1', 'kind': 'Other', 'name': 'x', 'uid': 'x', 'controller':"
                        + " true}";
        ClaimOwners owners = owners("Delete", "Delete", true);
        assertThat(owners.conflicting(claim(other))).isTrue();
        assertThat(owners.corrected(claim(other))).isEmpty();
        assertThat(owners.corrected(claim(other + "," + SET.formatted("s"))).orElseThrow())
                .extracting(OwnerReference::uid)
                .containsExactly("x");
        assertThat(owners("Retain", "Retain", true).conflicting(claim(other))).isFalse();
    }

    @Test
    void theClaimOfAPredecessorIsLeftAndWaitedFor() {
        KubeObject stale = claim(POD.formatted("before"));
        assertThat(owners("Retain", "Delete", true).corrected(stale)).isEmpty();
        assertThat(owners("Retain", "Delete", true).blocks(stale)).isTrue();
        assertThat(owners("Delete", "Retain", true).blocks(stale)).isFalse();
        assertThat(owners("Retain", "Delete", true).blocks(claim(POD.formatted("p")))).isFalse();
        assertThat(owners("Delete", "Retain", true).corrected(claim(SET.formatted("before"))))
                .isEmpty();
    }
}
