package io.jarnetes.apiserver.server.storage;

/**
 * One provider and key of an encryption configuration.
 *
 * @param prefix what its values begin with, {@code k8s:enc:aescbc:v1:key1:}; empty for identity
 */
record PrefixedCipher(byte[] prefix, Cipher cipher) {

    /** The cipher behind the prefix. */
    interface Cipher {
        byte[] decrypt(byte[] sealed, int offset, String key);

        /** Writes after {@code offset} bytes, which are left for the prefix. */
        byte[] encrypt(byte[] plain, int offset, String key);
    }

    boolean made(byte[] stored) {
        if (stored.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (stored[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    byte[] encrypt(byte[] plain, String key) {
        byte[] sealed = cipher.encrypt(plain, prefix.length, key);
        System.arraycopy(prefix, 0, sealed, 0, prefix.length);
        return sealed;
    }
}
