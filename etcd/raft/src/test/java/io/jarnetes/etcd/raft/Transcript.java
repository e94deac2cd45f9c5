package io.jarnetes.etcd.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A handful of members that do what a transcript says and say what happens to them.
 *
 * <ul>
 *   <li>{@code add N [key=value...]}: makes members 1 to N, all voters, each with an empty log
 *       after index 10; {@code join ID} makes one with nothing at all. Options: preVote,
 *       checkQuorum, inflight, msgBytes, uncommittedBytes
 *   <li>{@code campaign ID}, {@code tick ID N}, {@code propose ID TEXT}, {@code conf ID
 *       v2|l2|r2|u2}, {@code conf2 ID auto|implicit|explicit [v2 r1...]}, {@code read ID TEXT},
 *       {@code transfer ID TO}, {@code forget ID}, {@code unreachable ID TO}, {@code snap-status ID
 *       TO true|false}
 *   <li>{@code ready ID}: takes and handles one Ready; {@code take ID} only takes it, {@code store
 *       ID} writes, sends and advances the oldest taken one
 *   <li>{@code deliver [ID...]}: delivers what is on the way (to these); {@code drop FROM TO} loses
 *       what is on the way
 *   <li>{@code settle}: Ready and delivery until nothing moves, shown; {@code settle quietly} not
 *       shown
 *   <li>{@code cut ID}, {@code heal}: loses everything to and from a member
 *   <li>{@code compact ID INDEX}: snapshot and compaction; {@code restart ID}: everything that was
 *       not stored is gone
 *   <li>{@code status ID}, {@code log ID}
 * </ul>
 */
final class Transcript {
    private final SortedMap<Long, Member> members = new TreeMap<>();
    private final List<Message> wire = new ArrayList<>();
    private final List<String> out = new ArrayList<>();
    private final List<Long> cut = new ArrayList<>();
    private List<String> options = List.of();
    private boolean quiet;

    List<String> run(String command) {
        out.clear();
        quiet = false;
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" +")));
        String verb = words.removeFirst();
        try {
            run(verb, words);
        } catch (ProposalDroppedException | StepException | IllegalArgumentException e) {
            out.add("error: " + e.getMessage());
        }
        if (out.isEmpty()) {
            out.add("ok");
        }
        return out.stream().map(s -> "  " + s).toList();
    }

    private void run(String verb, List<String> words) {
        switch (verb) {
            case "add" -> add(Integer.parseInt(words.getFirst()), words.subList(1, words.size()));
            case "join" -> join(Long.parseLong(words.getFirst()));
            case "deliver" -> deliver(words.stream().map(Long::valueOf).toList());
            case "drop" -> drop(Long.parseLong(words.get(0)), Long.parseLong(words.get(1)));
            case "settle" -> settle(words.contains("quietly"));
            case "cut" -> cut.add(Long.valueOf(words.getFirst()));
            case "heal" -> cut.clear();
            default -> onMember(verb, member(words.getFirst()), words.subList(1, words.size()));
        }
    }

    private void onMember(String verb, Member m, List<String> args) {
        switch (verb) {
            case "campaign" -> m.node.campaign();
            case "tick" -> {
                for (int i = 0; i < Integer.parseInt(args.getFirst()); i++) {
                    m.node.tick();
                }
            }
            case "propose" -> m.node.propose(String.join(" ", args).getBytes(UTF_8));
            case "conf" -> m.node.proposeConfChange(confChange(args.getFirst()));
            case "conf2" -> proposeV2(m, args);
            case "read" -> m.node.readIndex(args.getFirst().getBytes(UTF_8));
            case "transfer" -> m.node.transferLeadership(Long.parseLong(args.getFirst()));
            case "forget" -> m.node.forgetLeader();
            case "unreachable" -> m.node.reportUnreachable(Long.parseLong(args.getFirst()));
            case "snap-status" ->
                    m.node.reportSnapshot(
                            Long.parseLong(args.get(0)), Boolean.parseBoolean(args.get(1)));
            case "ready" -> {
                m.take();
                m.store();
            }
            case "take" -> m.take();
            case "store" -> m.store();
            case "compact" -> m.compact(Long.parseLong(args.getFirst()));
            case "restart" -> m.restart();
            case "status" -> m.status();
            case "log" -> m.log();
            default -> throw new IllegalArgumentException("unknown command " + verb);
        }
    }

    private Member member(String id) {
        Member m = members.get(Long.valueOf(id));
        if (m == null) {
            throw new IllegalArgumentException("no member " + id);
        }
        return m;
    }

    private void say(String line) {
        if (!quiet) {
            out.add(line);
        }
    }

    private void add(int count, List<String> opts) {
        options = List.copyOf(opts);
        List<Long> voters = new ArrayList<>();
        for (long id = 1; id <= count; id++) {
            voters.add(id);
        }
        for (long id : voters) {
            MemoryStorage storage = new MemoryStorage();
            storage.applySnapshot(
                    new Snapshot(
                            Entry.NO_DATA,
                            new SnapshotMetadata(ConfState.ofVoters(voters), 10, 1)));
            storage.setHardState(new HardState(1, 0, 10));
            members.put(id, new Member(id, storage, 10));
        }
    }

    private void join(long id) {
        members.put(id, new Member(id, new MemoryStorage(), 0));
    }

    private static ConfChange confChange(String spec) {
        ConfChangeSingle s = single(spec);
        return new ConfChange(0, s.type(), s.nodeId(), Entry.NO_DATA);
    }

    private static ConfChangeSingle single(String spec) {
        ConfChangeType type =
                switch (spec.charAt(0)) {
                    case 'v' -> ConfChangeType.ADD_NODE;
                    case 'l' -> ConfChangeType.ADD_LEARNER_NODE;
                    case 'r' -> ConfChangeType.REMOVE_NODE;
                    case 'u' -> ConfChangeType.UPDATE_NODE;
                    default -> throw new IllegalArgumentException("unknown change " + spec);
                };
        return new ConfChangeSingle(type, Long.parseLong(spec.substring(1)));
    }

    private static void proposeV2(Member m, List<String> args) {
        ConfChangeV2.Transition transition =
                switch (args.getFirst()) {
                    case "auto" -> ConfChangeV2.Transition.AUTO;
                    case "implicit" -> ConfChangeV2.Transition.JOINT_IMPLICIT;
                    case "explicit" -> ConfChangeV2.Transition.JOINT_EXPLICIT;
                    default -> throw new IllegalArgumentException("transition " + args.getFirst());
                };
        ConfChangeV2 change =
                new ConfChangeV2(
                        transition,
                        args.subList(1, args.size()).stream().map(Transcript::single).toList(),
                        Entry.NO_DATA);
        // Upstream's members alone propose these: as a forwarded message.
        m.node.step(
                Message.of(MessageType.MSG_PROP)
                        .from(m.id)
                        .entries(
                                List.of(Entry.proposal(EntryType.CONF_CHANGE_V2, change.marshal())))
                        .build());
    }

    // ---- the network

    private void deliver(List<Long> to) {
        List<Message> now = new ArrayList<>(wire);
        if (!to.isEmpty()) {
            now.removeIf(m -> !to.contains(m.to()));
        }
        wire.removeAll(now);
        for (Message m : now) {
            Member target = members.get(m.to());
            if (target == null || cut.contains(m.to()) || cut.contains(m.from())) {
                say("lost " + Describe.message(m));
                continue;
            }
            say(Describe.message(m));
            try {
                target.node.step(m);
            } catch (ProposalDroppedException | StepException e) {
                say("  error: " + e.getMessage());
            }
        }
    }

    private void drop(long from, long to) {
        wire.removeIf(m -> {
            boolean gone = m.from() == from && m.to() == to;
            if (gone) {
                say("lost " + Describe.message(m));
            }
            return gone;
        });
    }

    private void settle(boolean quietly) {
        quiet = quietly;
        for (int round = 0; round < 1000; round++) {
            boolean moved = !wire.isEmpty();
            deliver(List.of());
            for (Member m : members.values()) {
                while (m.node.hasReady()) {
                    m.take();
                    m.store();
                    moved = true;
                }
            }
            if (!moved) {
                return;
            }
        }
        throw new IllegalStateException("did not settle");
    }

    /** One member with its storage, and the Readys that it has taken and not stored. */
    private final class Member implements Trace {
        final long id;
        private final MemoryStorage storage;
        private final List<Ready> taken = new ArrayList<>();
        private final List<String> state = new ArrayList<>();
        RawNode node;

        Member(long id, MemoryStorage storage, long applied) {
            this.id = id;
            this.storage = storage;
            this.node = start(applied);
        }

        private RawNode start(long applied) {
            Config.Builder b = Config.builder(id, storage, new Random(id));
            b.applied(applied).trace(this).electionTicks(3).heartbeatTicks(1);
            b.preVote(false).checkQuorum(false).maxInflightMsgs(option("inflight", 256));
            b.maxSizePerMsgBytes(option("msgBytes", 1 << 20));
            b.maxUncommittedSizeBytes(option("uncommittedBytes", 1 << 30));
            b.preVote(options.contains("preVote=true"));
            b.checkQuorum(options.contains("checkQuorum=true"));
            return new RawNode(b.build());
        }

        private int option(String name, int otherwise) {
            return options.stream()
                    .filter(o -> o.startsWith(name + "="))
                    .map(o -> Integer.parseInt(o.substring(name.length() + 1)))
                    .findFirst()
                    .orElse(otherwise);
        }

        @Override
        public void info(String message) {
            say(id + " INFO " + message);
        }

        @Override
        public void warn(String message) {
            say(id + " WARN " + message);
        }

        void take() {
            Ready r = node.ready();
            taken.add(r);
            Describe.ready(r).forEach(line -> say(id + " " + line));
            wire.addAll(r.messagesBeforeSync());
        }

        void store() {
            if (taken.isEmpty()) {
                throw new IllegalArgumentException("nothing was taken");
            }
            Ready r = taken.removeFirst();
            if (!r.snapshot().isEmpty()) {
                storage.applySnapshot(r.snapshot());
            }
            storage.append(r.entries());
            if (!r.hardState().isEmpty()) {
                storage.setHardState(r.hardState());
            }
            wire.addAll(r.messagesAfterSync());
            node.advance(r);
            apply(r);
        }

        private void apply(Ready r) {
            for (Entry e : r.committedEntries()) {
                if (e.type() == EntryType.NORMAL) {
                    state.add(new String(e.data(), UTF_8));
                } else {
                    node.applyConfChange(ConfChangeV2.of(e));
                }
            }
            if (!r.committedEntries().isEmpty()) {
                node.appliedTo(r.committedEntries().getLast().index());
            }
        }

        void compact(long index) {
            storage.createSnapshot(
                    index, node.confState(), String.join(",", state).getBytes(UTF_8));
            storage.compact(index);
        }

        void restart() {
            taken.clear();
            node = start(storage.snapshot().metadata().index());
        }

        void status() {
            Status s = node.status();
            say(
                    s.softState().raftState()
                            + " lead="
                            + s.softState().lead()
                            + " term="
                            + s.hardState().term()
                            + " vote="
                            + s.hardState().vote()
                            + " commit="
                            + s.hardState().commit()
                            + " applied="
                            + s.applied()
                            + " last="
                            + s.lastIndex());
            s.progress().forEach((peer, p) -> say(peer + ": " + Describe.peer(p)));
        }

        void log() {
            for (long i = storage.firstIndex(); i <= storage.lastIndex(); i++) {
                for (Entry e : storage.entries(i, i + 1, Config.NO_LIMIT)) {
                    say(Describe.entry(e));
                }
            }
            @Nullable Snapshot s = storage.snapshot();
            say("snapshot at " + s.metadata().index() + "/" + s.metadata().term());
        }
    }
}
