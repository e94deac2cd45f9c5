package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyValueHash;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.MvccException;
import java.nio.file.Path;

/** The hash of a file's keys, as members compare it. */
final class HashKv {
    private HashKv() {}

    /**
     * @param revision up to where; 0 for the last one
     */
    static KeyValueHash of(Path file, long revision) {
        Options options = Options.DEFAULTS.withReadOnly(true);
        try (Backend backend =
                Backend.open(Disk.real(), file, options, BackendOptions.defaults())) {
            return Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime))
                    .hashByRev(revision);
        } catch (MvccException e) {
            throw new ExitException(ExitException.ERROR, String.valueOf(e.getMessage()), e);
        } catch (IllegalStateException e) {
            // A file that is sound, and holds what no store does.
            throw new ExitException(ExitException.ERROR, file + ": " + e.getMessage(), e);
        }
    }
}
