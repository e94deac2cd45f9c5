package io.jarnetes.apiserver.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CreationsTest {

    private final FakeEtcdKv kv = new FakeEtcdKv();
    private final Creations creations = new Creations(kv);

    private static EtcdKv.Creation key(String name) {
        return new EtcdKv.Creation(name, name.getBytes(StandardCharsets.UTF_8), 0);
    }

    private List<EtcdKv.Outcome> atOnce(List<String> names) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<EtcdKv.Outcome>> running = new ArrayList<>();
            for (String name : names) {
                running.add(
                        CompletableFuture.supplyAsync(() -> creations.create(key(name)), threads));
            }
            List<EtcdKv.Outcome> outcomes = new ArrayList<>();
            for (CompletableFuture<EtcdKv.Outcome> each : running) {
                outcomes.add(each.get(20, TimeUnit.SECONDS));
            }
            return outcomes;
        }
    }

    private EtcdKv.Kv found(String name) {
        return Objects.requireNonNull(kv.get(name).kv(), name);
    }

    private static List<String> names(int number) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            names.add("/registry/things/" + i);
        }
        return names;
    }

    @Test
    void eachHasARevisionOfItsOwn() throws Exception {
        long before = kv.revision();
        Set<Long> revisions = new HashSet<>();
        for (EtcdKv.Outcome outcome : atOnce(names(300))) {
            assertThat(outcome.succeeded()).isTrue();
            revisions.add(outcome.revision());
        }
        assertThat(revisions).hasSize(300);
        assertThat(kv.revision()).isEqualTo(before + 300);
    }

    @Test
    void togetherAllAreThereAtTheRevisionTheyWereTold() throws Exception {
        creations.together(true);
        List<String> names = names(1000);
        List<EtcdKv.Outcome> outcomes = atOnce(names);
        for (int i = 0; i < names.size(); i++) {
            assertThat(outcomes.get(i).succeeded()).isTrue();
            assertThat(found(names.get(i)).modRevision()).isEqualTo(outcomes.get(i).revision());
        }
    }

    @Test
    void whatIsThereFailsAloneAndTheOthersAreMade() throws Exception {
        kv.put("/registry/things/7", new byte[] {1}, 0);
        creations.together(true);
        List<String> names = names(50);
        names.add("/registry/things/9");
        List<EtcdKv.Outcome> outcomes = atOnce(names);
        assertThat(outcomes.get(7).succeeded()).isFalse();
        // Of two that make the same key one succeeds.
        assertThat(outcomes.get(9).succeeded()).isNotEqualTo(outcomes.get(50).succeeded());
        for (int i = 0; i < 50; i++) {
            if (i != 7 && i != 9) {
                assertThat(outcomes.get(i).succeeded()).as(names.get(i)).isTrue();
            }
        }
        assertThat(found("/registry/things/7").value()).containsExactly(1);
    }

    @Test
    void aBatchIsOneRevision() {
        EtcdKv.Outcome outcome = kv.createAll(List.of(key("/registry/a"), key("/registry/b")));
        assertThat(outcome.succeeded()).isTrue();
        assertThat(kv.createAll(List.of(key("/registry/c"), key("/registry/b"))).succeeded())
                .isFalse();
        assertThat(kv.get("/registry/c").kv()).isNull();
    }
}
