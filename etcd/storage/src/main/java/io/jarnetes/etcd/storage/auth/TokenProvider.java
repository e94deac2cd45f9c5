package io.jarnetes.etcd.storage.auth;

import org.jspecify.annotations.Nullable;

/** Makes and reads the tokens that stand for a password login; see {@link TokenProviders}. */
public interface TokenProvider {
    /** Called when authentication comes on. */
    void enable();

    /** Called when authentication goes off: all tokens are void. */
    void disable();

    /**
     * The half of a token that is made before the proposal; empty when tokens have no such half.
     */
    String tokenPrefix();

    /**
     * The token of a login. All members do this at apply and must come to the same one, or to one
     * that all accept.
     *
     * @param prefix what {@link #tokenPrefix} gave, replicated
     * @param applyIndex the index of the last entry that was applied before
     */
    String assign(String prefix, long applyIndex, String username, long authRevision);

    /** Who a token stands for; null when it stands for nobody. */
    @Nullable AuthInfo info(String token, long authRevision);

    /** The index that must be applied before {@link #info} can know a token; 0 for none. */
    long requiredIndex(String token);

    /** Makes a user's tokens void. */
    void invalidateUser(String username);
}
