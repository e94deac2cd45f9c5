package io.jarnetes.etcd.server.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.etcd.storage.mvcc.Event;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.WatchResponse;
import io.jarnetes.etcd.storage.mvcc.WatchStream;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches all keys or one, through whatever member, and goes on elsewhere behind the last event
 * that it has got. It must get every event of its keys, in order, all of one revision together.
 */
final class WatchClient {
    private static final int REFUSES_PERCENT = 5;

    private final World world;
    private final Cluster cluster;
    private final @Nullable String key;

    /** The first revision that it hasn't seen. */
    private long next = 2;

    private int connection;
    private long lastArrival;
    private @Nullable Runnable close;
    private @Nullable WatchStream stream;
    private boolean asked;
    private long events;

    WatchClient(World world, Cluster cluster) {
        this.world = world;
        this.cluster = cluster;
        key = world.random().nextInt(3) == 0 ? "k" + world.random().nextInt(Client.KEYS) : null;
    }

    long events() {
        return events;
    }

    void start() {
        world.timeline().in(world.random().nextInt(500_000), this::connect);
        wander();
    }

    /** Now and then it leaves its member for another, or asks first how far it is. */
    private void wander() {
        world.timeline()
                .in(
                        Timeline.millis(200 + world.random().nextInt(5000)),
                        () -> {
                            Runnable open = close;
                            WatchStream at = stream;
                            boolean ask = !asked && world.random().nextInt(3) == 0;
                            asked = ask;
                            if (open != null && at != null && ask) {
                                at.requestProgressAll();
                            } else if (open != null) {
                                open.run();
                                reconnect();
                            }
                            wander();
                        });
    }

    private void reconnect() {
        close = null;
        stream = null;
        connection++;
        world.timeline().in(Timeline.millis(1 + world.random().nextInt(800)), this::connect);
    }

    private void connect() {
        if (close != null) {
            return;
        }
        Member member = cluster.offered(world.network().isCalm());
        Life life = member == null ? null : member.life();
        if (life == null) {
            reconnect();
            return;
        }
        int number = ++connection;
        WatchStream opened = life.machine().mvcc().newWatchStream(r -> offer(number, r));
        stream = opened;
        close =
                life.connections()
                        .connect(
                                opened,
                                () -> {
                                    if (connection == number) {
                                        reconnect();
                                    }
                                });
        KeyRange range = key == null ? KeyRange.all() : KeyRange.of(key.getBytes(UTF_8));
        long from = next == 2 ? next : world.sabotage().resumesAt(next);
        if (next > 2) {
            world.tally().count(Happening.WATCH_RESUMED);
        }
        opened.watch(WatchStream.AUTO_WATCH_ID, range, from, Set.of());
    }

    /** A full connection refuses; else what is offered arrives in order. */
    private boolean offer(int number, WatchResponse response) {
        if (world.random().nextInt(100) < REFUSES_PERCENT) {
            world.tally().count(Happening.WATCH_HELD_UP);
            return false;
        }
        long arrival = world.timeline().now() + 100 + world.random().nextInt(3000);
        lastArrival = Math.max(lastArrival, arrival);
        world.timeline()
                .at(
                        lastArrival,
                        () -> {
                            if (connection == number) {
                                arrived(response);
                            }
                        });
        return true;
    }

    private void arrived(WatchResponse response) {
        if (response.compactRevision() != 0) {
            compacted(response.compactRevision());
            return;
        }
        List<Event> got = response.events();
        if (got.isEmpty()) {
            progressed(response.revision());
            return;
        }
        if (got.size() > 1 && got.getFirst().kv().modRevision() == got.get(1).kv().modRevision()) {
            world.tally().count(Happening.WATCH_MANY_EVENTS);
        }
        long last = got.getLast().kv().modRevision();
        int at = 0;
        for (Model.Change change : world.invariants().model().changes(next, last)) {
            if (key == null || key.equals(change.key())) {
                if (at == got.size() || !same(change, got.get(at))) {
                    throw new AssertionError(
                            "a watcher of "
                                    + (key == null ? "all keys" : key)
                                    + " that has seen all below revision "
                                    + next
                                    + " got "
                                    + (at == got.size() ? "nothing" : got.get(at))
                                    + " in place of "
                                    + change);
                }
                at++;
            }
        }
        if (at != got.size()) {
            throw new AssertionError(
                    "a watcher that has seen all below revision "
                            + next
                            + " got again "
                            + got.get(at));
        }
        events += got.size();
        next = last + 1;
    }

    private static boolean same(Model.Change change, Event event) {
        String value = new String(event.kv().value(), UTF_8);
        boolean delete = event.type() == Event.Type.DELETE;
        return change.revision() == event.kv().modRevision()
                && change.key().equals(new String(event.kv().key(), UTF_8))
                && (change.value() == null ? delete : !delete && change.value().equals(value));
    }

    /** It is told that it has all up to a revision, and goes on behind that. */
    private void progressed(long revision) {
        world.tally().count(Happening.WATCH_PROGRESS);
        checkComplete(revision);
        next = Math.max(next, revision + 1);
    }

    /** What it missed is gone: it begins anew behind that. */
    private void compacted(long revision) {
        if (revision < next) {
            throw new AssertionError(
                    "a watcher from revision " + next + " was told of a compaction at " + revision);
        }
        world.tally().count(Happening.WATCH_COMPACTED);
        next = revision;
        Runnable open = close;
        if (open != null) {
            open.run();
        }
        reconnect();
    }

    /** In the end it has got all events up to a revision. */
    void checkComplete(long revision) {
        for (Model.Change change : world.invariants().model().changes(next, revision)) {
            if (key == null || key.equals(change.key())) {
                throw new AssertionError(
                        "a watcher that has seen all below revision "
                                + next
                                + " never got "
                                + change
                                + '\n'
                                + cluster);
            }
        }
    }
}
