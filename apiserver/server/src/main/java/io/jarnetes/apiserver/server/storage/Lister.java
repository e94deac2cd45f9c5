package io.jarnetes.apiserver.server.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists and watches of one resource. Lists come from the cache, which first catches up with etcd's
 * present revision where the newest state is asked for; only exact reads of the past go to etcd.
 */
public final class Lister {

    /** Snapshots behind continue tokens; each shares nearly all of its objects with the others. */
    private static final int KEPT_SNAPSHOTS = 64;

    private static final long PAGE_KEYS = 500;

    /** What a list asks for; rules as in the API's documentation of resourceVersionMatch. */
    public enum Match {
        UNSET,
        NOT_OLDER_THAN,
        EXACT
    }

    /**
     * @param resourceVersion -1 when none was given
     * @param limit 0 for none
     * @param continueToken empty for none
     */
    public record Query(long resourceVersion, Match match, long limit, String continueToken) {}

    private final EtcdKv kv;
    private final String prefix;
    private final Cacher cacher;
    private final ObjectDecoder decoder;
    private final Map<Long, SortedSnapshot<StoredObject>> snapshots =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<Long, SortedSnapshot<StoredObject>> eldest) {
                    return size() > KEPT_SNAPSHOTS;
                }
            };

    Lister(EtcdKv kv, String prefix, Cacher cacher, ObjectDecoder decoder) {
        this.kv = kv;
        this.prefix = prefix;
        this.cacher = cacher;
        this.decoder = decoder;
    }

    /**
     * @throws StorageException EXPIRED, TOO_LARGE_REVISION, INVALID
     */
    public Listing list(Selection selection, Query query) {
        String from = selection.keyPrefix();
        if (!query.continueToken().isEmpty()) {
            ContinueToken token = ContinueToken.decode(query.continueToken());
            from = selection.keyPrefix() + token.start();
            return token.revision() == ContinueToken.INCONSISTENT
                    ? newest(selection, from, query)
                    : exactly(selection, from, token.revision(), query);
        }
        boolean exact =
                query.match() == Match.EXACT
                        || (query.match() == Match.UNSET
                                && query.limit() > 0
                                && query.resourceVersion() > 0);
        if (exact) {
            return exactly(selection, from, query.resourceVersion(), query);
        }
        if (query.resourceVersion() == 0) {
            // Whatever is cached goes out whole, as upstream's cache gives it.
            Query whole = new Query(0, query.match(), 0, "");
            return page(cacher.view(0), selection, from, whole);
        }
        return query.resourceVersion() < 0
                ? newest(selection, from, query)
                : page(cacher.view(query.resourceVersion()), selection, from, query);
    }

    /** How many objects there are, from the cache. */
    public int count() {
        return cacher.view(0).objects().size();
    }

    /**
     * @param resourceVersion -1 when none was given
     * @param sendInitialEvents null when not given
     */
    public WatchStream watch(
            Selection selection,
            long resourceVersion,
            boolean bookmarks,
            @Nullable Boolean sendInitialEvents) {
        if (Boolean.TRUE.equals(sendInitialEvents)) {
            long wanted = resourceVersion < 0 ? kv.revision() : resourceVersion;
            return cacher.watchFromState(selection, bookmarks, wanted, bookmarks);
        }
        if (resourceVersion > 0) {
            return cacher.watchSince(selection, bookmarks, resourceVersion);
        }
        if (Boolean.FALSE.equals(sendInitialEvents)) {
            long now = cacher.view(resourceVersion < 0 ? kv.revision() : 0).revision();
            return cacher.watchSince(selection, bookmarks, now);
        }
        return cacher.watchFromState(selection, bookmarks, 0, false);
    }

    private Listing newest(Selection selection, String from, Query query) {
        return page(cacher.view(kv.revision()), selection, from, query);
    }

    private Listing exactly(Selection selection, String from, long revision, Query query) {
        View now = cacher.view(0);
        SortedSnapshot<StoredObject> kept =
                now.revision() == revision ? now.objects() : kept(revision);
        if (kept != null) {
            return page(new View(kept, revision), selection, from, query);
        }
        return past(selection, from, revision, query);
    }

    private Listing page(View view, Selection selection, String from, Query query) {
        List<StoredObject> items = new ArrayList<>();
        String[] next = {""};
        Predicate<StoredObject> take =
                object -> {
                    // Whatever comes next makes a page more, as in upstream's store, be it
                    // selected or not.
                    if (query.limit() > 0 && items.size() == query.limit()) {
                        next[0] = items.getLast().key() + '\0';
                        return false;
                    }
                    if (selection.matches(object)) {
                        items.add(object);
                    }
                    return true;
                };
        view.objects().visit(from, selection.end(), take);
        if (next[0].isEmpty()) {
            return listing(items, view.revision());
        }
        keep(view);
        String start = next[0].substring(selection.keyPrefix().length());
        Long remaining =
                selection.all()
                        ? Long.valueOf(view.objects().countBetween(next[0], selection.end()))
                        : null;
        return new Listing(
                items,
                Long.toString(view.revision()),
                new ContinueToken(view.revision(), start).encode(),
                remaining);
    }

    /** A state that no snapshot holds any more, read page by page from etcd's history. */
    private Listing past(Selection selection, String from, long revision, Query query) {
        List<StoredObject> items = new ArrayList<>();
        String at = from;
        while (true) {
            EtcdKv.Page page = readPast(selection, at, revision);
            long seen = 0;
            for (EtcdKv.Kv each : page.kvs()) {
                seen++;
                at = each.key() + '\0';
                StoredObject object = decoder.decode(each.key(), each.value(), each.modRevision());
                if (!selection.matches(object)) {
                    continue;
                }
                items.add(object);
                long left = page.count() - seen;
                if (query.limit() > 0 && items.size() == query.limit() && left > 0) {
                    String start = at.substring(selection.keyPrefix().length());
                    return new Listing(
                            items,
                            Long.toString(revision),
                            new ContinueToken(revision, start).encode(),
                            selection.all() ? Long.valueOf(left) : null);
                }
            }
            if (!page.more()) {
                return listing(items, revision);
            }
        }
    }

    private EtcdKv.Page readPast(Selection selection, String at, long revision) {
        try {
            return kv.range(at, selection.end(), PAGE_KEYS, revision);
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.TOO_LARGE_REVISION) {
                throw new StorageException(
                        StorageException.Kind.TOO_LARGE_REVISION,
                        "Too large resource version: " + revision + ", current: " + kv.revision());
            }
            if (e.kind() != StorageException.Kind.EXPIRED) {
                throw e;
            }
            String start = at.substring(selection.keyPrefix().length());
            String token =
                    start.isEmpty()
                            ? ""
                            : new ContinueToken(ContinueToken.INCONSISTENT, start).encode();
            throw new ContinueExpiredException(e, token);
        }
    }

    private static Listing listing(List<StoredObject> items, long revision) {
        return new Listing(items, Long.toString(revision), "", null);
    }

    private synchronized void keep(View view) {
        snapshots.put(view.revision(), view.objects());
    }

    private synchronized @Nullable SortedSnapshot<StoredObject> kept(long revision) {
        return snapshots.get(revision);
    }

    /** Such as {@code /registry/pods/}. */
    public String prefix() {
        return prefix;
    }
}
