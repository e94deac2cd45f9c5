package io.jarnetes.controllermanager.statefulset;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatefulPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private final KubeObject set =
            object(
                    "{'kind': 'StatefulSet', 'metadata': {'namespace': 'ns', 'name': 'db', 'uid':"
                            + " 's', 'generation': 1}, 'spec': {'replicas': 3, 'updateStrategy':"
                            + " {'type': 'RollingUpdate'}}}");

    private static KubeObject member(int ordinal, String hash) {
        return with(
                pod("db-" + ordinal),
                "{'metadata': {'labels': {'controller-revision-hash': 'db-%s'}}}".formatted(hash));
    }

    private static KubeObject unready(KubeObject pod) {
        return with(pod, "{'status': {'conditions': []}}");
    }

    private StatefulPlan.Decision decide(KubeObject of, KubeObject... pods) {
        return new StatefulPlan(of, List.of(pods), "db-old", "db-new", NOW).decide();
    }

    @Test
    void oneAfterTheOther() {
        assertThat(decide(set).create()).containsExactly(new StatefulPlan.Creation(0, false));
        assertThat(decide(set, unready(member(0, "new"))).create()).isEmpty();
        assertThat(decide(set, member(0, "new")).create())
                .containsExactly(new StatefulPlan.Creation(1, false));
    }

    @Test
    void inParallelAllAtOnce() {
        KubeObject parallel = with(set, "{'spec': {'podManagementPolicy': 'Parallel'}}");
        assertThat(decide(parallel).create()).hasSize(3);
    }

    @Test
    void theHighestGoesFirst() {
        KubeObject smaller = with(set, "{'spec': {'replicas': 1}}");
        assertThat(decide(smaller, member(0, "new"), member(1, "new"), member(2, "new")).delete())
                .extracting(KubeObject::name)
                .containsExactly("db-2");
    }

    @Test
    void anUpdateGoesDownwardsOneByOne() {
        assertThat(decide(set, member(0, "old"), member(1, "old"), member(2, "new")).delete())
                .extracting(KubeObject::name)
                .containsExactly("db-1");
        assertThat(
                        decide(set, member(0, "old"), member(1, "old"), unready(member(2, "new")))
                                .delete())
                .isEmpty();
    }

    @Test
    void belowThePartitionTheOldTemplateStays() {
        KubeObject partitioned =
                with(set, "{'spec': {'updateStrategy': {'rollingUpdate': {'partition': 2}}}}");
        assertThat(
                        decide(partitioned, member(0, "old"), member(1, "old"), member(2, "new"))
                                .delete())
                .isEmpty();
        assertThat(decide(partitioned, member(1, "old"), member(2, "new")).create())
                .containsExactly(new StatefulPlan.Creation(0, true));
    }

    @Test
    void aCompleteUpdateMakesTheRevisionCurrent() {
        var status = decide(set, member(0, "new"), member(1, "new"), member(2, "new")).status();
        assertThat(Json.text(status, "currentRevision")).isEqualTo("db-new");
        assertThat(Json.number(0, status, "currentReplicas")).isEqualTo(3);
        assertThat(Json.text(decide(set, member(0, "old")).status(), "currentRevision"))
                .isEqualTo("db-old");
    }

    @Test
    void ordinalsAreNumbersWithoutZerosBefore() {
        assertThat(StatefulPlan.ordinal(set, "db-12")).isEqualTo(12);
        assertThat(StatefulPlan.ordinal(set, "db-012")).isEqualTo(-1);
        assertThat(StatefulPlan.ordinal(set, "db-x")).isEqualTo(-1);
        assertThat(StatefulPlan.ordinal(set, "other-1")).isEqualTo(-1);
    }
}
