package io.jarnetes.etcd.storage.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Random changes of members, each checked first as at apply, against a map; and restarts. */
class MembershipModelTest {
    private static final int MAX_LEARNERS = 2;

    @TestFactory
    Stream<DynamicTest> changes() {
        return Seeds.of(60, seed -> new Run(seed).run());
    }

    private static final class Run {
        private final Random random;
        private final Map<Long, Member> model = new TreeMap<>(Long::compareUnsigned);
        private final Set<Long> removed = new HashSet<>();
        private MemoryFile file = new MemoryFile();
        private Backend backend = Backend.over(file, BackendOptions.defaults());
        private RaftCluster cluster = RaftCluster.open(backend, 1, 1, MAX_LEARNERS);

        Run(long seed) {
            random = new Random(seed);
        }

        void run() {
            for (int i = 0; i < 300; i++) {
                step();
                if (random.nextInt(30) == 0) {
                    reopen();
                }
                requireSame();
            }
        }

        /** Some with the highest bit: ids are unsigned. */
        private long id() {
            long id = 1 + random.nextInt(9);
            return id > 5 ? id | Long.MIN_VALUE : id;
        }

        private List<String> urls() {
            List<String> urls = new ArrayList<>(List.of("http://p" + random.nextInt(14)));
            if (random.nextInt(5) == 0) {
                urls.add("http://p" + random.nextInt(14));
            }
            return urls.stream().distinct().sorted().toList();
        }

        private void step() {
            long id = id();
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    Member member = new Member(id, "", urls(), List.of(), random.nextInt(3) == 0);
                    change(
                            addRefused(member),
                            () -> cluster.validateAdd(member),
                            () -> cluster.addMember(member),
                            () -> model.put(id, member));
                }
                case 2 ->
                        change(
                                known(id),
                                () -> cluster.validateRemove(id),
                                () -> cluster.removeMember(id),
                                () -> {
                                    model.remove(id);
                                    removed.add(id);
                                });
                case 3 -> promote(id);
                case 4 -> update(id);
                default -> attributes(id);
            }
        }

        private void promote(long id) {
            Member member = model.get(id);
            MembershipException.@Nullable Code refused = known(id);
            if (member != null && !member.learner()) {
                refused = MembershipException.Code.MEMBER_NOT_LEARNER;
            }
            change(
                    refused,
                    () -> cluster.validatePromote(id),
                    () -> cluster.promoteMember(id),
                    () -> model.computeIfPresent(id, (key, m) -> with(m, m.peerUrls(), false)));
        }

        private static Member with(Member m, List<String> peerUrls, boolean learner) {
            return new Member(m.id(), m.name(), peerUrls, m.clientUrls(), learner);
        }

        private void update(long id) {
            List<String> urls = urls();
            MembershipException.@Nullable Code refused = known(id);
            if (refused == null && taken(id, urls)) {
                refused = MembershipException.Code.PEER_URL_EXISTS;
            }
            change(
                    refused,
                    () -> cluster.validateUpdate(new Member(id).withPeerUrls(urls)),
                    () -> cluster.updateRaftAttributes(id, urls),
                    () -> model.computeIfPresent(id, (key, m) -> with(m, urls, m.learner())));
        }

        private void attributes(long id) {
            if (!model.containsKey(id)) {
                return;
            }
            String name = "name<" + random.nextInt(5) + ">&\u2028\"";
            List<String> urls = List.of("http://c" + random.nextInt(9));
            cluster.updateAttributes(id, name, urls);
            model.computeIfPresent(
                    id, (key, m) -> new Member(id, name, m.peerUrls(), urls, m.learner()));
        }

        private MembershipException.@Nullable Code known(long id) {
            if (removed.contains(id)) {
                return MembershipException.Code.ID_REMOVED;
            }
            return model.containsKey(id) ? null : MembershipException.Code.ID_NOT_FOUND;
        }

        private MembershipException.@Nullable Code addRefused(Member member) {
            if (removed.contains(member.id())) {
                return MembershipException.Code.ID_REMOVED;
            }
            if (model.containsKey(member.id())) {
                return MembershipException.Code.ID_EXISTS;
            }
            if (taken(member.id(), member.peerUrls())) {
                return MembershipException.Code.PEER_URL_EXISTS;
            }
            long learners = model.values().stream().filter(Member::learner).count();
            return member.learner() && learners >= MAX_LEARNERS
                    ? MembershipException.Code.TOO_MANY_LEARNERS
                    : null;
        }

        private boolean taken(long id, List<String> urls) {
            return model.values().stream()
                    .filter(other -> other.id() != id)
                    .flatMap(other -> other.peerUrls().stream())
                    .anyMatch(urls::contains);
        }

        private static void change(
                MembershipException.@Nullable Code refused,
                Runnable check,
                Runnable change,
                Runnable modelled) {
            try {
                check.run();
            } catch (MembershipException e) {
                assertThat(e.code()).isEqualTo(refused);
                return;
            }
            assertThat(refused).isNull();
            change.run();
            modelled.run();
        }

        private void reopen() {
            byte[] json = cluster.v2SnapshotJson();
            backend.commit();
            file = file.copy();
            backend = Backend.over(file, BackendOptions.defaults());
            cluster = RaftCluster.open(backend, 1, 1, MAX_LEARNERS);
            assertThat(cluster.v2SnapshotJson()).isEqualTo(json);
        }

        private void requireSame() {
            assertThat(cluster.members()).containsExactlyElementsOf(model.values());
            assertThat(cluster.removed()).containsExactlyInAnyOrderElementsOf(removed);
            assertThat(cluster.votingMembers())
                    .containsExactlyElementsOf(
                            model.values().stream().filter(m -> !m.learner()).toList());
            TreeSet<String> urls = new TreeSet<>(cluster.peerUrls());
            model.values().forEach(m -> assertThat(urls).containsAll(m.peerUrls()));
            removed.forEach(id -> assertThat(cluster.isIdRemoved(id)).isTrue());
        }
    }
}
