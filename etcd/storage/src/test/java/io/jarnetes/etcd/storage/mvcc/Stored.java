package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.View;
import java.util.ArrayList;
import java.util.List;

/** What stands in a backend. */
final class Stored {
    private Stored() {}

    /** The revisions in the bucket key, as main/sub and t for a tombstone. */
    static List<String> revisions(Backend backend) {
        List<String> found = new ArrayList<>();
        try (View view = backend.view()) {
            view.scan(
                    Bucket.KEY,
                    new byte[0],
                    null,
                    (key, value) -> {
                        Revision revision = Revision.decode(key);
                        String mark = Revision.isTombstone(key) ? "t" : "";
                        found.add(revision.main() + "/" + revision.sub() + mark);
                        return true;
                    });
        }
        return found;
    }
}
