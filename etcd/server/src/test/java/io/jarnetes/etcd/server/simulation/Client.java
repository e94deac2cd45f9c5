package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.server.linearizability.Action;
import io.jarnetes.etcd.server.linearizability.History;
import io.jarnetes.etcd.server.linearizability.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A client: one operation after another, now at this member, now at that. */
final class Client {
    static final int KEYS = 5;
    private static final long TIMEOUT_MICROS = Timeline.millis(5000);
    private static final int KEPT_REVISIONS = 60;

    /** What the clients of a run share. */
    static final class Workload {
        final History history = new History();
        final RealTime realTime = new RealTime();
        private final World world;
        private final Cluster cluster;
        private final ArrayDeque<Once> open = new ArrayDeque<>();
        private boolean waits;
        private int commands;
        private int clients;

        Workload(World world, Cluster cluster) {
            this.world = world;
            this.cluster = cluster;
        }

        /** All time out alike, so that they do in the order in which they began. */
        private void deadline(Once once) {
            open.addLast(once);
            next();
        }

        private void next() {
            while (!open.isEmpty() && open.getFirst().done) {
                open.removeFirst();
            }
            if (!waits && !open.isEmpty()) {
                waits = true;
                world.timeline().at(open.getFirst().deadline, this::timeOut);
            }
        }

        private void timeOut() {
            waits = false;
            while (!open.isEmpty() && open.getFirst().deadline <= world.timeline().now()) {
                open.removeFirst().gaveUp();
            }
            next();
        }
    }

    private final Workload load;
    private final World world;
    private final RandomGenerator random;

    /** What it has seen last, for a comparison that may succeed. */
    private String seen = "";

    /** Makes values as long as the run wants them. */
    private final String padding;

    private int number;

    Client(Workload load) {
        this.load = load;
        this.world = load.world;
        this.random = load.world.random();
        this.padding = "-".repeat(load.world.profile().valueBytes());
        this.number = load.clients++;
    }

    void start() {
        world.timeline().in(random.nextInt(1_000_000), this::next);
    }

    private void rest() {
        long pause = Timeline.millis(1 + random.nextInt(world.profile().pauseMillis()));
        world.timeline().in(pause, this::next);
    }

    private void next() {
        Member member = load.cluster.offered(world.network().isCalm());
        if (member == null) {
            rest();
        } else if (random.nextInt(3) == 0) {
            read(member, key());
        } else {
            write(member, command(load.commands++));
        }
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private Command command(int id) {
        String value = "v" + id + padding;
        return switch (random.nextInt(16)) {
            case 0, 1 -> new Command.Delete(id, key());
            case 2, 3 -> new Command.Cas(id, key(), seen, value);
            case 4, 5 -> {
                int first = random.nextInt(KEYS);
                int second = (first + 1 + random.nextInt(KEYS - 1)) % KEYS;
                yield new Command.Both(id, "k" + first, "k" + second, value);
            }
            case 6 ->
                    new Command.Compact(id, world.invariants().model().revision() - KEPT_REVISIONS);
            default -> new Command.Put(id, key(), value);
        };
    }

    private static List<Action> actions(Command command) {
        return switch (command) {
            case Command.Put put -> List.of(new Action.Put(put.key(), put.value()));
            case Command.Both both ->
                    List.of(
                            new Action.Put(both.first(), both.value()),
                            new Action.Put(both.second(), both.value()));
            case Command.Delete delete -> List.of(new Action.Delete(delete.key()));
            case Command.Cas cas -> List.of(new Action.Cas(cas.key(), cas.expected(), cas.value()));
            case Command.Compact compact -> List.of();
        };
    }

    private List<History.Call> call(List<Action> actions) {
        List<History.Call> calls = new ArrayList<>();
        long now = world.timeline().now();
        actions.forEach(action -> calls.add(load.history.call(number, now, action)));
        return calls;
    }

    private void write(Member member, Command command) {
        List<History.Call> calls = call(actions(command));
        long floor = load.realTime.begin();
        Once once = new Once(calls);
        member.with(life ->
                life.propose(
                        command,
                        answer ->
                                once.answered(() -> {
                                    load.realTime.writeEnded(floor, answer.index());
                                    boolean plain =
                                            !(command instanceof Command.Delete)
                                                    && !(command instanceof Command.Cas);
                                    Result result =
                                            plain
                                                    ? Result.DONE
                                                    : Result.changed(answer.outcome().changed());
                                    calls.forEach(c -> c.ended(world.timeline().now(), result));
                                })));
        load.deadline(once);
    }

    private void read(Member member, String key) {
        List<History.Call> calls = call(List.of(new Action.Get(key)));
        long floor = load.realTime.begin();
        Once once = new Once(calls);
        member.with(life ->
                life.read(() ->
                        once.answered(() -> {
                            Machine machine = life.machine();
                            String value = machine.value(key);
                            seen = value == null ? seen : value;
                            calls.getFirst().ended(world.timeline().now(), Result.read(value));
                            load.realTime.readEnded(floor, machine.index());
                        })));
        load.deadline(once);
    }

    /** A client goes on once: when it is answered, or when it gives up. */
    private final class Once {
        private final List<History.Call> calls;
        private final long deadline = world.timeline().now() + TIMEOUT_MICROS;
        private boolean done;

        Once(List<History.Call> calls) {
            this.calls = calls;
        }

        void answered(Runnable end) {
            if (!done) {
                done = true;
                end.run();
                rest();
            }
        }

        void gaveUp() {
            if (!done) {
                done = true;
                calls.forEach(History.Call::unknown);
                number = load.clients++;
                rest();
            }
        }
    }
}
