package io.jarnetes.apiserver.server.storage;

/** The objects of a resource at a revision. */
record View(SortedSnapshot<StoredObject> objects, long revision) {

    private static final long PAGE_KEYS = 5_000;

    /** What etcd has now, page after page at one revision. */
    static View load(EtcdKv kv, String prefix, ObjectDecoder decoder) {
        SortedSnapshot<StoredObject> objects = SortedSnapshot.empty();
        String end = EtcdKv.prefixEnd(prefix);
        String from = prefix;
        long revision = 0;
        while (true) {
            EtcdKv.Page page = kv.range(from, end, PAGE_KEYS, revision);
            revision = revision == 0 ? page.revision() : revision;
            for (EtcdKv.Kv each : page.kvs()) {
                objects =
                        objects.with(
                                each.key(),
                                decoder.decode(each.key(), each.value(), each.modRevision()));
            }
            if (!page.more()) {
                return new View(objects, revision);
            }
            from = page.kvs().getLast().key() + '\0';
        }
    }
}
