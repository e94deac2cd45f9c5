package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random transactions against sorted maps, with readers of old versions open all the while. */
public final class ModelRun {
    private static final int TRANSACTIONS = 60;

    private ModelRun() {}

    private record Reader(Tx tx, Model model) {}

    /** One run; throws when the Db is not as the model. */
    public static void run(Path directory, long seed) {
        Random random = new Random(seed);
        Path path = directory.resolve("db" + seed);
        Options options =
                Options.DEFAULTS
                        .withSizes(random.nextBoolean() ? 4096 : 512, 16 << 10, 64 << 10)
                        .withFreelistSync(random.nextBoolean())
                        .withNoSync(true);
        Db db = Db.open(Disk.real(), path, options);
        Model model = new Model();
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            Model next = model.copy();
            int changes = random.nextInt(random.nextInt(8) == 0 ? 600 : 40);
            try (Tx tx = db.begin(true)) {
                for (int j = 0; j < changes; j++) {
                    next.change(tx.root(), random, 0, 9000);
                }
                next.check(tx.root());
                next.walk(tx.root(), random, 50);
                if (random.nextInt(6) != 0) {
                    tx.commit();
                    model = next;
                }
            }
            assertThat(db.check()).isEmpty();
            readers.add(new Reader(db.begin(false), model));
            while (readers.size() > random.nextInt(6)) {
                try (Tx tx = readers.remove(random.nextInt(readers.size())).tx()) {
                    assertThat(tx.writable()).isFalse();
                }
            }
            readers.forEach(reader -> reader.model().check(reader.tx().root()));
            if (random.nextInt(10) == 0) {
                readers.forEach(reader -> reader.tx().close());
                readers.clear();
                db.close();
                db = Db.open(Disk.real(), path, options.withFreelistSync(random.nextBoolean()));
                assertThat(db.check()).isEmpty();
            }
        }
        readers.forEach(reader -> reader.tx().close());
        Model last = model;
        db.view(tx -> {
            last.check(tx.root());
            last.walk(tx.root(), random, 500);
            return true;
        });
        compacted(db, last, directory.resolve("compact" + seed), options);
        db.close();
    }

    private static void compacted(Db db, Model model, Path path, Options options) {
        try (Db copy = Db.open(Disk.real(), path, options)) {
            Db.compact(db, copy);
            assertThat(copy.check()).isEmpty();
            copy.view(tx -> {
                model.check(tx.root());
                return true;
            });
        }
    }
}
