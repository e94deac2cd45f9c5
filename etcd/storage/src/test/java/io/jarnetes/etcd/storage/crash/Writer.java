package io.jarnetes.etcd.storage.crash;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import io.jarnetes.etcd.storage.wal.WalOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process that writes until it is killed: entries go to the log, then into the stores, while one
 * thread commits, one compacts and one reads. It says on standard output what is on disk: a letter
 * and a number, "w" for the log's last entry, "d" for the entry that the database holds.
 */
final class Writer {
    static final MiniMember.Sizes SIZES =
            new MiniMember.Sizes(
                    new WalOptions(200_000, false),
                    Options.DEFAULTS.withSizes(4096, 64 << 10, 1 << 20));

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final MiniMember member;
    private final Random random;
    private final long end;

    private Writer(MiniMember member, long end) {
        this.member = member;
        this.random = new Random(member.logged());
        this.end = end;
    }

    /** The arguments are the data directory, and how many batches it ends after of itself. */
    public static void main(String[] arguments) throws Exception {
        long end = Long.parseLong(arguments[1]);
        try (MiniMember member =
                        MiniMember.open(
                                Disk.real(), Path.of(arguments[0]), SIZES, Scenario.Plant.NONE);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            new Writer(member, end).run(threads);
            threads.shutdownNow();
        }
    }

    private void run(ExecutorService threads) throws Exception {
        member.apply();
        say('w', member.logged());
        Future<?> commit = threads.submit(() -> {});
        Future<?> read = threads.submit(this::read);
        for (long batch = 0; batch < end; batch++) {
            member.append(1 + random.nextInt(20));
            say('w', member.logged());
            member.apply();
            Backend.Commit frozen = random.nextInt(4) == 0 ? member.backend().freeze() : null;
            if (frozen != null) {
                commit.get();
                long saved = member.backend().savedIndex();
                commit = threads.submit(() -> commit(frozen, saved));
            }
            if (read.isDone()) {
                read.get();
                read = threads.submit(this::read);
            }
            seldom();
        }
        commit.get();
        read.get();
    }

    private void seldom() {
        switch (random.nextInt(60)) {
            case 0 -> {
                member.snapshot(3);
                say('d', member.backend().consistentIndex());
            }
            case 1 -> member.backend().defrag();
            default -> member.store().compactStep();
        }
    }

    private void commit(Backend.Commit frozen, long index) {
        frozen.run();
        say('d', index);
    }

    private void read() {
        long found = member.store().range(KeyRange.all(), RangeOptions.LATEST).count();
        if (found > Commands.KEYS) {
            throw new AssertionError("a read found " + found + " keys");
        }
    }

    /** With one write, so that a line is there or not. */
    private synchronized void say(char what, long index) {
        try {
            out.write((what + " " + index + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // Who started this has gone.
            Runtime.getRuntime().halt(1);
        }
    }
}
