package io.jarnetes.controllermanager.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;

class GarbageCollectorTest {

    @AutoClose private final World world = new World();

    /** A ConfigMap with these owners. */
    private void thing(String name, boolean blocks, String... owners) {
        ArrayNode references = Json.array();
        for (String owner : owners) {
            references.add(
                    Json.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "ConfigMap",
                            "name",
                            owner,
                            "uid",
                            "uid-" + owner,
                            "blockOwnerDeletion",
                            blocks));
        }
        world.store()
                .put(
                        Resource.CONFIG_MAPS,
                        KubeObject.of(
                                Json.of(
                                        "metadata",
                                        Json.of(
                                                "namespace",
                                                "ns",
                                                "name",
                                                name,
                                                "uid",
                                                "uid-" + name,
                                                "ownerReferences",
                                                references))));
    }

    private Set<String> left() {
        return new HashSet<>(world.names(Resource.CONFIG_MAPS));
    }

    private void start() {
        world.start(GarbageCollector::start);
    }

    /**
     * Random owners. What must be left after some are deleted: what is nobody's, and what has an
     * owner that is left; but a deletion with orphans frees its own.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isWhatAPlainModelLeaves(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = 40;
        Map<String, Set<String>> owners = new HashMap<>();
        for (int i = 0; i < size; i++) {
            Set<String> own = new HashSet<>();
            for (int j = 0; i > 0 && j < random.nextInt(3); j++) {
                own.add("t" + random.nextInt(i));
            }
            if (random.nextInt(10) == 0) {
                own.add("nobody" + i);
            }
            owners.put("t" + i, own);
            thing("t" + i, random.nextBoolean(), own.toArray(String[]::new));
        }
        Map<String, Set<String>> model = new HashMap<>(owners);
        collect(model);
        start();
        world.until("seed " + seed + ": the first sweep", () -> owned().equals(model));
        for (int i = 0; i < 6; i++) {
            List<String> names = model.keySet().stream().sorted().toList();
            if (names.isEmpty()) {
                return;
            }
            String name = names.get(random.nextInt(names.size()));
            String policy = List.of("Background", "Foreground", "Orphan").get(random.nextInt(3));
            world.delete(Resource.CONFIG_MAPS, name, policy);
            model.remove(name);
            if (policy.equals("Orphan")) {
                model.values().forEach(own -> own.remove(name));
            }
            collect(model);
            world.until(
                    "seed " + seed + ": " + policy + " deletion of " + name,
                    () -> owned().equals(model));
        }
    }

    /** Who owns what, by name. */
    private Map<String, Set<String>> owned() {
        Map<String, Set<String>> owned = new HashMap<>();
        for (KubeObject thing : world.store().list(Resource.CONFIG_MAPS, "ns")) {
            Set<String> names = new HashSet<>();
            thing.owners().forEach(owner -> names.add(owner.name()));
            owned.put(thing.name(), names);
        }
        return owned;
    }

    /** Deletes what had owners of which none is left, until nothing changes; forgets those gone. */
    private static void collect(Map<String, Set<String>> model) {
        boolean changed = true;
        while (changed) {
            changed =
                    model.entrySet()
                            .removeIf(entry ->
                                    !entry.getValue().isEmpty()
                                            && entry.getValue().stream()
                                                    .noneMatch(model::containsKey));
        }
        model.values().forEach(own -> own.retainAll(Set.copyOf(model.keySet())));
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() {
        thing("owner", true);
        thing("child", true, "owner");
        thing("grandchild", true, "child");
        world.store()
                .observe(change -> {
                    if (change.type().equals("DELETED") && change.object().name().equals("owner")) {
                        assertThat(left()).isEmpty();
                    }
                });
        start();
        world.until("known", () -> world.server().watches() > 5);
        world.caughtUp(Resource.CONFIG_MAPS);
        world.delete(Resource.CONFIG_MAPS, "owner", "Foreground");
        world.until("nothing", () -> left().isEmpty());
    }

    @Test
    void whatDoesNotBlockIsNotWaitedFor() {
        thing("owner", true);
        thing("child", false, "owner");
        world.edit(Resource.CONFIG_MAPS, "child", "{metadata: {finalizers: [example.com/wait]}}");
        start();
        world.until("known", () -> world.server().watches() > 5);
        world.delete(Resource.CONFIG_MAPS, "owner", "Foreground");
        world.until("the owner is gone", () -> left().equals(Set.of("child")));
        world.until(
                "the child is going", () -> world.get(Resource.CONFIG_MAPS, "child").deleting());
    }

    @Test
    void orphansLoseTheirReferences() {
        thing("owner", true);
        thing("other", true);
        thing("child", true, "owner", "other");
        start();
        world.until("known", () -> world.server().watches() > 5);
        world.caughtUp(Resource.CONFIG_MAPS);
        world.delete(Resource.CONFIG_MAPS, "owner", "Orphan");
        world.until("the owner is gone", () -> left().equals(Set.of("other", "child")));
        assertThat(world.get(Resource.CONFIG_MAPS, "child").owners())
                .extracting(owner -> owner.name())
                .containsExactly("other");
    }

    @Test
    void anOwnerThatWasMadeAnewIsAnother() {
        thing("owner", true);
        world.store()
                .put(
                        Resource.CONFIG_MAPS,
                        KubeObject.of(
                                Json.of(
                                        "metadata",
                                        Json.of(
                                                "namespace",
                                                "ns",
                                                "name",
                                                "child",
                                                "ownerReferences",
                                                List.of(
                                                        Json.of(
                                                                "apiVersion", "v1",
                                                                "kind", "ConfigMap",
                                                                "name", "owner",
                                                                "uid", "before"))))));
        start();
        world.until("collected", () -> left().equals(Set.of("owner")));
    }

    @Test
    void danglingReferencesAreRemovedWhereAnotherOwnerIsLeft() {
        thing("owner", true);
        thing("child", true, "owner", "gone");
        start();
        world.until(
                "one left", () -> world.get(Resource.CONFIG_MAPS, "child").owners().size() == 1);
        assertThat(left()).containsExactlyInAnyOrder("owner", "child");
    }

    @Test
    void aCircleOfForegroundDeletionsEnds() {
        thing("a", true, "b");
        thing("b", true, "a");
        start();
        world.until("known", () -> world.server().watches() > 5);
        world.caughtUp(Resource.CONFIG_MAPS);
        world.delete(Resource.CONFIG_MAPS, "a", "Foreground");
        world.until("nothing", () -> left().isEmpty());
    }
}
