package io.jarnetes.apiserver.server.storage;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The providers of one resource: the first writes, all read by the prefix of the value, as
 * upstream's {@code PrefixTransformers}.
 */
final class ProviderChain implements Transformer {

    /** Stores what it gets: the default of every resource. */
    static final ProviderChain IDENTITY = new ProviderChain(List.of(Ciphers.identity()));

    private static final byte[] ENCRYPTED = "k8s:enc:".getBytes(StandardCharsets.US_ASCII);

    private final List<PrefixedCipher> ciphers;

    ProviderChain(List<PrefixedCipher> ciphers) {
        this.ciphers = List.copyOf(ciphers);
    }

    @Override
    public Plain fromStorage(byte[] stored, String key) {
        boolean encrypted = new PrefixedCipher(ENCRYPTED, Ciphers.NOTHING).made(stored);
        for (int i = 0; i < ciphers.size(); i++) {
            PrefixedCipher each = ciphers.get(i);
            boolean identity = each.prefix().length == 0;
            if (identity ? !encrypted : each.made(stored)) {
                return new Plain(each.cipher().decrypt(stored, each.prefix().length, key), i > 0);
            }
        }
        throw new StorageException(
                StorageException.Kind.CORRUPT,
                encrypted
                        ? "no provider of the encryption configuration can read "
                                + key
                                + ": it was encrypted with another key"
                        : key
                                + " is not encrypted, and the encryption configuration has no"
                                + " identity provider");
    }

    @Override
    public byte[] toStorage(byte[] plain, String key) {
        return ciphers.getFirst().encrypt(plain, key);
    }
}
