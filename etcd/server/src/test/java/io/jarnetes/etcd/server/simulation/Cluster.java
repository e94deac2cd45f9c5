package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.RawNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All members that there are or were. */
final class Cluster {
    private final World world;
    private final List<Member> members = new ArrayList<>();

    Cluster(World world) {
        this.world = world;
        List<RawNode.Peer> founders = new ArrayList<>();
        int count = world.profile().founders();
        for (long id = 1; id <= count; id++) {
            founders.add(new RawNode.Peer(id, new byte[] {(byte) id}));
        }
        for (long id = 1; id <= count; id++) {
            join(new Member(id, world, this, founders));
        }
    }

    /** Starts one more member, which is none yet for the others; its number. */
    long join() {
        long id = members.size() + 1L;
        join(new Member(id, world, this, List.of()));
        return id;
    }

    private void join(Member member) {
        members.add(member);
        world.network().connect(member);
        world.timeline().in(0, member::boot);
    }

    List<Member> members() {
        return members;
    }

    boolean hasRemoved(List<Long> ids) {
        return members.stream().anyMatch(m -> m.isRemoved() && ids.contains(m.id()));
    }

    boolean isAllDown() {
        for (Member m : members) {
            if (m.isUp()) {
                return false;
            }
        }
        return true;
    }

    Member anyone() {
        return members.get(world.random().nextInt(members.size()));
    }

    /** The leader of the highest term, null if there is none. */
    @Nullable Member leader() {
        Member found = null;
        for (Member m : members) {
            if (m.isLeader() && (found == null || m.term() > found.term())) {
                found = m;
            }
        }
        return found;
    }

    Member leaderOrAnyone() {
        Member leader = leader();
        return leader == null ? anyone() : leader;
    }

    /**
     * Somebody whom a client can ask, null if nobody is up. In peace clients know who is a member:
     * who was removed and hasn't heard of it stays silent.
     */
    @Nullable Member offered(boolean peace) {
        Member leader = peace ? leader() : null;
        ConfState conf = leader == null ? null : leader.confState();
        int begin = world.random().nextInt(members.size());
        for (int i = 0; i < members.size(); i++) {
            Member m = members.get((begin + i) % members.size());
            if (m.isUp() && (conf == null || conf.voters().contains(m.id()))) {
                return m;
            }
        }
        return null;
    }

    /** What each member is and has, a line for each. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        members.forEach(m -> text.append(m).append('\n'));
        return text.toString();
    }
}
