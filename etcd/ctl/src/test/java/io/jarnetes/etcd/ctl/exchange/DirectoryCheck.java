package io.jarnetes.etcd.ctl.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The checkers, run on a directory that nobody has open. */
final class DirectoryCheck {
    private static final Options READ =
            Options.DEFAULTS.withLockTimeout(Duration.ZERO).withReadOnly(true);

    private DirectoryCheck() {}

    static void run(Place place) {
        Path file = place.data().resolve("member/snap/db");
        try (Db db = Db.open(Disk.real(), file, READ)) {
            assertThat(db.check()).isEmpty();
        }
        try (Backend backend = Backend.open(Disk.real(), file, READ, BackendOptions.defaults())) {
            Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
            assertThat(store.check()).isEmpty();
        }
    }

    static List<String> snapshots(Place place) {
        return Disk.real().list(place.data().resolve("member/snap")).stream()
                .filter(name -> name.endsWith(".snap"))
                .toList();
    }

    static List<String> segments(Place place) {
        return Disk.real().list(place.data().resolve("member/wal")).stream()
                .filter(name -> name.endsWith(".wal"))
                .toList();
    }
}
