package io.jarnetes.apiserver.server.storage;

import io.jarnetes.base.log.Log;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Drops etcd's history every few minutes. Several apiservers share the duty by the version of the
 * key {@code compact_rev_key}, as upstream's: whoever moves it compacts to the revision that was
 * current one interval ago, the others wait again.
 */
public final class Compactor implements AutoCloseable {

    private static final String KEY = "compact_rev_key";

    private final EtcdKv kv;
    private final Duration interval;
    private final Log log;
    private final Thread thread;

    /**
     * @param interval {@code --etcd-compaction-interval}; must be positive
     */
    public Compactor(EtcdKv kv, Duration interval, Log log) {
        this.kv = kv;
        this.interval = interval;
        this.log = log;
        this.thread = Thread.ofVirtual().name("etcd-compactor").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long version = 0;
        long target = 0;
        while (true) {
            try {
                Thread.sleep(interval);
                EtcdKv.Outcome outcome = kv.putIfVersion(KEY, text(target), version);
                EtcdKv.Kv other = outcome.current();
                if (outcome.succeeded()) {
                    version++;
                    long done = target;
                    target = outcome.revision();
                    if (done > 0) {
                        kv.compact(done);
                        log.info("etcd's history is compacted", "revision", done);
                    }
                } else {
                    version = other == null ? 0 : other.version();
                    target = outcome.revision();
                }
            } catch (InterruptedException e) {
                return;
            } catch (StorageException e) {
                log.warn("etcd's history could not be compacted", "err", e.getMessage());
            }
        }
    }

    private static byte[] text(long revision) {
        return Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
