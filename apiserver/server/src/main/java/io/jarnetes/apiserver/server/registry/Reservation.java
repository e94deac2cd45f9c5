package io.jarnetes.apiserver.server.registry;

/** What a write took outside of its object. */
public interface Reservation {

    /** For kinds that take nothing. */
    Reservation NOTHING =
            new Reservation() {
                @Override
                public void commit() {}

                @Override
                public void rollBack() {}
            };

    /** The object is stored. */
    void commit();

    /** It is not: what was taken goes back. */
    void rollBack();

    default void settle(boolean stored) {
        if (stored) {
            commit();
        } else {
            rollBack();
        }
    }
}
