package io.jarnetes.bench;

import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DefragmentRequest;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code hack/bench storage}: the stores in process, start on a large db, work in its shade. */
final class StorageBench {
    private static final int ROUNDS = 3;
    private static final long MEASURE_MILLIS = 2_500;
    private static final long WARM_MILLIS = 8_000;
    private static final long REVISIONS = 400_000;
    private static final int CLIENTS = 100;
    // With 256 bytes of value, and nine in ten of them there.
    private static final int RANGE_KEYS = 4_300;
    private static final List<String> PARTS = List.of("process", "large", "ranges", "shade");

    static final List<String> FLAGS = List.of("--quota-backend-bytes=8589934592");

    private final Figures figures;
    private final Path work;
    private final Path cache;
    private final EventLoopGroup loops;
    private final Make ours;
    private final Make theirs;

    /**
     * @param cache where the large db stays for the next time
     */
    StorageBench(
            Figures figures, Path work, Path cache, EventLoopGroup loops, Make ours, Make theirs) {
        this.figures = figures;
        this.work = work;
        this.cache = cache;
        this.loops = loops;
        this.ours = ours;
        this.theirs = theirs;
    }

    /**
     * @param chosen parts; none for all
     */
    void run(List<String> chosen) throws IOException, InterruptedException {
        for (String part : chosen.isEmpty() ? PARTS : chosen) {
            switch (part) {
                case "process" -> new InProcess(figures, work.resolve("process")).run();
                case "large" ->
                        new LargeDb(figures, work.resolve("large"), cache, loops, ours, theirs)
                                .run();
                case "ranges" -> ranges();
                case "shade" -> shade();
                default ->
                        throw new IllegalArgumentException(
                                "no part " + part + "; there are " + PARTS);
            }
        }
    }

    /** Single gets and ranges of a megabyte, of what is in the file. */
    private void ranges() throws IOException, InterruptedException {
        Path folder = work.resolve("ranges");
        for (Make make : List.of(ours, theirs)) {
            boolean our = make == ours;
            Progress.say(make.name() + ": gets, and ranges of a megabyte");
            Path mine = folder.resolve(our ? "ours" : "theirs");
            try (Fleet fleet = Fleet.start(make, mine, 1, loops, FLAGS)) {
                prepare(fleet, REVISIONS / 2, WARM_MILLIS);
                for (int round = 0; round < ROUNDS; round++) {
                    add("storage.range.one", our, reads(fleet, stretch()));
                    Sample mebibytes = sample(fleet, Workload.range(RANGE_KEYS), 8, stretch());
                    add("storage.range.mebibyte", our, mebibytes);
                }
            }
        }
        Main.delete(folder);
    }

    private void add(String name, boolean our, Sample sample) {
        figures.add(name + ".rate", "/s", our, sample.rate());
        figures.add(name + ".cpu", "µs", our, sample.cpu());
    }

    /** Puts and reads while the server compacts and defragments. */
    private void shade() throws IOException, InterruptedException {
        Path folder = work.resolve("shade");
        for (Make make : List.of(ours, theirs)) {
            boolean our = make == ours;
            Progress.say(make.name() + ": " + REVISIONS + " revisions to compact");
            Path mine = folder.resolve(our ? "ours" : "theirs");
            try (Fleet fleet = Fleet.start(make, mine, 1, loops, FLAGS)) {
                prepare(fleet, REVISIONS, WARM_MILLIS);
                Progress.say(make.name() + ": puts while it compacts");
                for (int round = 0; round < ROUNDS; round++) {
                    compaction(fleet, our ? ".ours" : ".theirs");
                }
                Progress.say(make.name() + ": reads while it defragments");
                Sample reads = reads(fleet, () -> defragment(fleet));
                figures.add("storage.defragment.get.longest", "ms", our, reads.longest());
                figures.add("storage.defragment.get.rate", "/s", our, reads.rate());
            }
        }
        Main.delete(folder);
    }

    /** Each make beside its own normal: a figure of ours alone. */
    private void compaction(Fleet fleet, String whose) throws InterruptedException {
        double normal = puts(fleet, stretch()).p99();
        Sample compacting = puts(fleet, () -> compact(fleet));
        double times = compacting.p99() / normal;
        figures.add("storage.compaction.put.p99" + whose, "of normal", true, times);
    }

    private static Load.Stretch stretch() {
        return () -> TimeUnit.MILLISECONDS.sleep(MEASURE_MILLIS);
    }

    private static void prepare(Fleet fleet, long revisions, long warmMillis)
            throws InterruptedException {
        try (Connections all = fleet.connect(10)) {
            Load.run(Workload.put(), all, 100, revisions);
            try (Load load = Load.start(Workload.get(true), all, 100)) {
                load.measure(warmMillis / 4, fleet::cpuMicros);
            }
        }
    }

    private static Sample puts(Fleet fleet, Load.Stretch stretch) throws InterruptedException {
        return sample(fleet, Workload.put(), CLIENTS, stretch);
    }

    private static Sample reads(Fleet fleet, Load.Stretch stretch) throws InterruptedException {
        return sample(fleet, Workload.get(true), CLIENTS, stretch);
    }

    private static Sample sample(Fleet fleet, Workload workload, int clients, Load.Stretch stretch)
            throws InterruptedException {
        try (Connections all = fleet.connect(Math.min(clients, 10));
                Load load = Load.start(workload, all, clients)) {
            TimeUnit.MILLISECONDS.sleep(500);
            return load.measure(stretch, fleet::cpuMicros);
        }
    }

    private static void compact(Fleet fleet) throws InterruptedException {
        fleet.ask(
                0,
                channel -> {
                    var kv = KVGrpc.newBlockingStub(channel);
                    long revision =
                            kv.range(RangeRequest.newBuilder().setKey(Workload.key(0)).build())
                                    .getHeader()
                                    .getRevision();
                    return kv.compact(
                            CompactionRequest.newBuilder()
                                    .setRevision(revision)
                                    .setPhysical(true)
                                    .build());
                });
    }

    private static void defragment(Fleet fleet) throws InterruptedException {
        fleet.ask(
                0,
                channel ->
                        MaintenanceGrpc.newBlockingStub(channel)
                                .defragment(DefragmentRequest.getDefaultInstance()));
    }
}
