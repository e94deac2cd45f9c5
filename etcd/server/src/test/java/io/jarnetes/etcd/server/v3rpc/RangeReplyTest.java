package io.jarnetes.etcd.server.v3rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortOrder;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortTarget;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.server.apply.ApplyRules;
import io.jarnetes.etcd.server.apply.KvExecutor;
import io.jarnetes.etcd.server.apply.RangeAnswer;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.CountingFile;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pairs on their way from the mapped file to gRPC. */
final class RangeReplyTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setClusterId(-1).setMemberId(7).setRaftTerm(3).build();
    private static final RangeRequest ALL =
            RangeRequest.newBuilder().setKey(utf8("\0")).setRangeEnd(utf8("\0")).build();
    private static final long LEASE = 0x7123_4567_89ab_cdefL;
    private static final long LEASE_SECONDS = 1000;
    private static final int MOST_STEPS = 10_000;
    private static final long BOUND_SECONDS = 60;

    @TempDir Path dir;

    private CountingFile file;
    private Backend backend;
    private Mvcc mvcc;
    private KvExecutor kv;

    @BeforeEach
    void open() {
        file = CountingFile.open(Disk.real(), dir.resolve("db"), Options.DEFAULTS);
        backend = Backend.over(file, BackendOptions.defaults());
        Lessor lessor = Lessor.open(backend, 1, System::nanoTime);
        lessor.grant(LEASE, LEASE_SECONDS);
        mvcc = Mvcc.open(backend, lessor);
        kv = new KvExecutor(mvcc, lessor, ApplyRules.V3_6);
    }

    @AfterEach
    void close() {
        assertThat(file.readers()).as("readers: those to come alone").isEqualTo(1);
        backend.close();
        assertThat(file.readers()).isZero();
        assertThat(file.files()).isZero();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static byte[] key(int number) {
        return "key-%05d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    private static InputStream stream(RangeAnswer answer) {
        return new RangeReply.Marshaller().stream(new RangeReply(HEADER, answer));
    }

    private static void drain(RangeAnswer answer, OutputStream target) {
        try (InputStream stream = stream(answer)) {
            int said = stream.available();
            assertThat(((Drainable) stream).drainTo(target)).isEqualTo(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] drained(RangeRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        kv.range(request, answer -> drain(answer, bytes));
        return bytes.toByteArray();
    }

    private byte[] read(RangeRequest request) {
        byte[][] bytes = new byte[1][];
        kv.range(
                request,
                answer -> {
                    try (InputStream stream = stream(answer)) {
                        bytes[0] = stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return bytes[0];
    }

    /** As gRPC's own marshaller would write it. */
    private byte[] expected(RangeRequest request) {
        RangeResponse response = kv.range(request);
        return response.toBuilder().setHeader(HEADER).build().toByteArray();
    }

    private void fill(Random random, int keys, int mostBytes) {
        for (int i = 0; i < keys; i++) {
            byte[] value = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(mostBytes)];
            random.nextBytes(value);
            mvcc.put(key(random.nextInt(keys)), value, random.nextInt(3) == 0 ? LEASE : 0);
            if (random.nextInt(10) == 0) {
                mvcc.deleteRange(KeyRange.of(key(random.nextInt(keys))));
            }
        }
    }

    private static RangeRequest request(Random random, int keys, long revision) {
        RangeRequest.Builder request =
                ALL.toBuilder()
                        .setLimit(random.nextInt(3) == 0 ? random.nextInt(keys) : 0)
                        .setKeysOnly(random.nextInt(3) == 0)
                        .setCountOnly(random.nextInt(10) == 0)
                        .setRevision(random.nextBoolean() ? 0 : 2 + random.nextLong(revision - 1))
                        .setSortOrderValue(random.nextInt(SortOrder.values().length - 1))
                        .setSortTargetValue(random.nextInt(SortTarget.values().length - 1))
                        .setMinModRevision(random.nextInt(4) == 0 ? random.nextLong(revision) : 0);
        if (random.nextInt(3) == 0) {
            request.setKey(ByteString.copyFrom(key(random.nextInt(keys))));
            request.setRangeEnd(ByteString.EMPTY);
        }
        return request.build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theBytesAreThoseOfTheMessage(long seed) {
        Random random = new Random(seed);
        int keys = 1 + random.nextInt(300);
        // Beyond a chunk, and beyond a page of the file.
        fill(random, keys, 30_000);
        backend.commit();
        fill(random, keys / 4, 200);
        for (int i = 0; i < 60; i++) {
            RangeRequest request = request(random, keys, mvcc.revision());
            byte[] expected = expected(request);
            assertThat(drained(request)).as("seed %d, %s", seed, request).isEqualTo(expected);
            assertThat(read(request)).as("seed %d, %s", seed, request).isEqualTo(expected);
        }
    }

    /** Stops in the middle until it is told to go on. */
    private static final class SlowStream extends FilterOutputStream {
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        SlowStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            stopped.countDown();
            try {
                if (!go.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("nobody said go");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private void change(Random random) {
        for (int round = 0; round < 5; round++) {
            fill(random, 300, 20_000);
            backend.commit();
        }
    }

    @Test
    void aSlowAnswerIsOfItsRevisionWhateverHappens() throws Exception {
        Random random = new Random(5);
        fill(random, 300, 20_000);
        backend.commit();
        byte[] expected = expected(ALL);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SlowStream slow = new SlowStream(bytes);
        CompletableFuture<Void> answered =
                CompletableFuture.runAsync(() -> kv.range(ALL, answer -> drain(answer, slow)));
        assertThat(slow.stopped.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        try {
            long sizeBefore = backend.size();
            change(random);
            assertThat(backend.size()).as("the file has grown").isGreaterThan(sizeBefore);
            mvcc.compact(mvcc.revision());
            backend.commit();
            for (int i = 0; i < 10; i++) {
                assertThat(mvcc.compactStep()).as("it waits for the reader").isTrue();
            }
            backend.defrag();
            assertThat(file.files()).as("the one before is still read").isEqualTo(2);
            change(random);
        } finally {
            slow.go.countDown();
        }
        answered.get(BOUND_SECONDS, TimeUnit.SECONDS);
        assertThat(bytes.toByteArray()).isEqualTo(expected);
        assertThat(file.files()).isEqualTo(1);
        finishCompaction();
        assertThat(drained(ALL)).isEqualTo(expected(ALL));
        assertThat(mvcc.check()).isEmpty();
    }

    private void finishCompaction() {
        for (int i = 0; mvcc.compactStep(); i++) {
            backend.commit();
            assertThat(i).as("steps of the compaction").isLessThan(MOST_STEPS);
        }
        backend.commit();
    }

    @Test
    void whoFailsInTheMiddleLetsGo() {
        fill(new Random(6), 300, 20_000);
        backend.commit();
        OutputStream closed =
                new OutputStream() {
                    private int writes;

                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("closed");
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        if (++writes == 3) {
                            throw new IOException("closed");
                        }
                    }
                };
        assertThatThrownBy(() -> kv.range(ALL, answer -> drain(answer, closed)))
                .hasRootCauseMessage("closed");
        change(new Random(7));
        mvcc.compact(mvcc.revision());
        finishCompaction();
    }
}
