package io.jarnetes.etcd.storage.mvcc;

/** Where a watch stream's responses go. */
@FunctionalInterface
public interface WatchConsumer {
    /**
     * Takes a response, or refuses it because there is no room now; a refused one is offered again
     * by {@link Mvcc#syncVictims}, ahead of later ones of the same watcher. Called under the
     * watchers' lock, by the apply thread among others: must not block and not call the store.
     *
     * @return whether it was taken
     */
    boolean offer(WatchResponse response);
}
