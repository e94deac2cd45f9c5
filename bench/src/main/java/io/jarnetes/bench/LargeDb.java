package io.jarnetes.bench;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
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
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A db of 1 GiB with a million keys: how soon both makes serve it, and in how much memory. */
final class LargeDb {
    private static final int ROUNDS = 3;
    private static final int KEYS = 1_000_000;
    private static final int VALUE_BYTES = 960;
    private static final String DB = "m0/member/snap/db";
    private static final long SETTLE_MILLIS = 2_000;

    private final Figures figures;
    private final Path work;
    private final Path filled;
    private final EventLoopGroup loops;
    private final Make ours;
    private final Make theirs;

    /**
     * @param cache where the directory stays for the next time, once it is filled
     */
    LargeDb(Figures figures, Path work, Path cache, EventLoopGroup loops, Make ours, Make theirs) {
        this.figures = figures;
        this.work = work;
        this.filled = cache.resolve("large-" + KEYS + "-" + VALUE_BYTES);
        this.loops = loops;
        // Both read it.
        this.ours = new Make(ours.name(), plus(ours.command(), "--cluster-compatibility=3.5"));
        this.theirs = theirs;
    }

    private static List<String> plus(List<String> words, String more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    /** Both makes on copies of one directory that ours wrote. */
    void run() throws IOException, InterruptedException {
        if (!Files.exists(filled)) {
            fill();
        }
        Path mine = work.resolve("ours");
        Path other = work.resolve("theirs");
        copy(filled, mine);
        copy(filled, other);
        for (int round = 0; round < ROUNDS; round++) {
            start(ours, mine, true);
            start(theirs, other, false);
        }
        new InProcess(figures, work).indexBytes(mine.resolve(DB));
        Main.delete(work);
    }

    /**
     * A directory as a member made it, with a million keys put into its db: through the server they
     * would pass the log, too, which takes minutes and says nothing of the start.
     */
    private void fill() throws IOException, InterruptedException {
        Progress.say("filling a db with " + KEYS + " keys in " + filled);
        Path unfinished = filled.resolveSibling(filled.getFileName() + ".unfinished");
        if (Files.exists(unfinished)) {
            Main.delete(unfinished);
        }
        try (Fleet fleet = Fleet.start(ours, unfinished, 1, loops, StorageBench.FLAGS)) {
            fleet.stop();
        }
        byte[] value = Workload.value(new SplittableRandom(2), VALUE_BYTES).toByteArray();
        try (Backend backend =
                Backend.open(
                        Disk.real(),
                        unfinished.resolve(DB),
                        Options.DEFAULTS,
                        BackendOptions.defaults())) {
            Mvcc mvcc = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
            for (long i = 0; i < KEYS; i++) {
                // In no order, as keys with hashed names come.
                mvcc.put(Workload.key(i * 7_919 % KEYS).toByteArray(), value, 0);
                if (i % BackendOptions.DEFAULT_BATCH_LIMIT == 0) {
                    backend.commit();
                }
            }
        }
        Files.move(unfinished, filled, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void start(Make make, Path folder, boolean our)
            throws IOException, InterruptedException {
        Progress.say(make.name() + " starts on " + KEYS + " keys");
        try (Fleet fleet = Fleet.launchAll(make, folder, 1, loops, StorageBench.FLAGS)) {
            FirstAnswers answers = FirstAnswers.await(fleet);
            figures.add("storage.large.start", "ms", our, answers.linearizable());
            figures.add("storage.large.start.serializable", "ms", our, answers.serializable());
            figures.add("storage.large.start.health", "ms", our, answers.health());
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
        if (keys != KEYS) {
            throw new IllegalStateException(
                    fleet.make().name() + " has " + keys + " keys of " + KEYS);
        }
    }
}
