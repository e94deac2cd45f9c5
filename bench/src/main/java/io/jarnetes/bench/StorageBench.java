package io.jarnetes.bench;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DefragmentRequest;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code hack/bench storage}: the stores in process, start on a large db, work in its shade. */
final class StorageBench {
    private static final int ROUNDS = 3;
    private static final int LARGE_KEYS = 1_000_000;
    private static final int LARGE_VALUE_BYTES = 960;
    private static final String DB = "m0/member/snap/db";
    private static final long SETTLE_MILLIS = 2_000;
    private static final long MEASURE_MILLIS = 2_500;
    private static final long WARM_MILLIS = 8_000;
    private static final long REVISIONS = 400_000;
    private static final List<String> PARTS = List.of("process", "large", "shade");

    private static final List<String> FLAGS = List.of("--quota-backend-bytes=8589934592");

    private final Figures figures;
    private final Path work;
    private final EventLoopGroup loops;
    private final Make ours;
    private final Make theirs;

    StorageBench(Figures figures, Path work, EventLoopGroup loops, Make ours, Make theirs) {
        this.figures = figures;
        this.work = work;
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
                case "large" -> large();
                case "shade" -> shade();
                default ->
                        throw new IllegalArgumentException(
                                "no part " + part + "; there are " + PARTS);
            }
        }
    }

    /** Both makes on copies of one directory that ours wrote. */
    private void large() throws IOException, InterruptedException {
        Make at35 = new Make(ours.name(), plus(ours.command(), "--cluster-compatibility=3.5"));
        Path mine = work.resolve("large-ours");
        Path other = work.resolve("large-theirs");
        fill(at35, mine);
        copy(mine, other);
        for (int round = 0; round < ROUNDS; round++) {
            start(at35, mine, true);
            start(theirs, other, false);
        }
        new InProcess(figures, work).indexBytes(mine.resolve(DB));
        Main.delete(mine);
        Main.delete(other);
    }

    private static List<String> plus(List<String> words, String more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    /**
     * A directory as a member made it, with a million keys put into its db: through the server they
     * would pass the log, too, which takes minutes and says nothing of the start.
     */
    private void fill(Make make, Path folder) throws IOException, InterruptedException {
        try (Fleet fleet = Fleet.start(make, folder, 1, loops, FLAGS)) {
            fleet.stop();
        }
        byte[] value = Workload.value(new SplittableRandom(2), LARGE_VALUE_BYTES).toByteArray();
        try (Backend backend =
                Backend.open(
                        Disk.real(),
                        folder.resolve(DB),
                        Options.DEFAULTS,
                        BackendOptions.defaults())) {
            Mvcc mvcc = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
            for (long i = 0; i < LARGE_KEYS; i++) {
                // In no order, as keys with hashed names come.
                mvcc.put(Workload.key(i * 7_919 % LARGE_KEYS).toByteArray(), value, 0);
                if (i % BackendOptions.DEFAULT_BATCH_LIMIT == 0) {
                    backend.commit();
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private void start(Make make, Path folder, boolean our)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (Fleet fleet = Fleet.start(make, folder, 1, loops, FLAGS)) {
            figures.add("storage.large.start", "ms", our, (System.nanoTime() - began) / 1e6);
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            requireAllKeys(fleet);
            figures.add("storage.large.rss", "MiB", our, fleet.rssMib());
            fleet.stop();
        }
    }

    private static void requireAllKeys(Fleet fleet) throws InterruptedException {
        ByteString all = ByteString.copyFrom(new byte[1]);
        RangeRequest count =
                RangeRequest.newBuilder().setKey(all).setRangeEnd(all).setCountOnly(true).build();
        long keys = fleet.ask(0, c -> KVGrpc.newBlockingStub(c).range(count).getCount());
        if (keys != LARGE_KEYS) {
            throw new IllegalStateException(
                    fleet.make().name() + " has " + keys + " keys of " + LARGE_KEYS);
        }
    }

    /** Puts and reads while the server compacts and defragments. */
    private void shade() throws IOException, InterruptedException {
        Path folder = work.resolve("shade");
        for (Make make : List.of(ours, theirs)) {
            boolean our = make == ours;
            Path mine = folder.resolve(our ? "ours" : "theirs");
            try (Fleet fleet = Fleet.start(make, mine, 1, loops, FLAGS)) {
                prepare(fleet, WARM_MILLIS);
                double normal = puts(fleet, stretch()).p99();
                Sample compacting = puts(fleet, () -> compact(fleet));
                double times = compacting.p99() / normal;
                // Each make beside its own normal: a figure of ours alone.
                String whose = our ? ".ours" : ".theirs";
                figures.add("storage.compaction.put.p99" + whose, "of normal", true, times);
                Sample reads = reads(fleet, () -> defragment(fleet));
                figures.add("storage.defragment.get.longest", "ms", our, reads.longest());
                figures.add("storage.defragment.get.rate", "/s", our, reads.rate());
            }
        }
        Main.delete(folder);
    }

    private static Load.Stretch stretch() {
        return () -> TimeUnit.MILLISECONDS.sleep(MEASURE_MILLIS);
    }

    private static void prepare(Fleet fleet, long warmMillis) throws InterruptedException {
        try (Connections all = fleet.connect(10)) {
            Load.run(Workload.put(), all, 100, REVISIONS);
            try (Load load = Load.start(Workload.get(true), all, 100)) {
                load.measure(warmMillis / 4, fleet::cpuMicros);
            }
        }
    }

    private static Sample puts(Fleet fleet, Load.Stretch stretch) throws InterruptedException {
        return sample(fleet, Workload.put(), stretch);
    }

    private static Sample reads(Fleet fleet, Load.Stretch stretch) throws InterruptedException {
        return sample(fleet, Workload.get(true), stretch);
    }

    private static Sample sample(Fleet fleet, Workload workload, Load.Stretch stretch)
            throws InterruptedException {
        try (Connections all = fleet.connect(10);
                Load load = Load.start(workload, all, 100)) {
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
