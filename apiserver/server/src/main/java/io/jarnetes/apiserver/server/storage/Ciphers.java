package io.jarnetes.apiserver.server.storage;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The ciphers of {@code EncryptionConfiguration}, in upstream's layouts. */
final class Ciphers {

    /** Neither encrypts nor decrypts. */
    static final PrefixedCipher.Cipher NOTHING =
            new PrefixedCipher.Cipher() {
                @Override
                public byte[] decrypt(byte[] sealed, int offset, String key) {
                    return sealed;
                }

                @Override
                public byte[] encrypt(byte[] plain, int offset, String key) {
                    return plain;
                }
            };

    private static final int CBC_IV_BYTES = 16;
    private static final int GCM_NONCE_BYTES = 12;
    private static final int GCM_TAG_BITS = 128;

    private Ciphers() {}

    static PrefixedCipher identity() {
        return new PrefixedCipher(new byte[0], NOTHING);
    }

    /** IV, then AES-CBC with PKCS#7 padding; the etcd key is not bound. */
    static PrefixedCipher aesCbc(String keyName, byte[] secret, SecureRandom random) {
        return aes("aescbc", keyName, secret, random, "AES/CBC/PKCS5Padding", CBC_IV_BYTES);
    }

    /** Nonce, then AES-GCM with the etcd key as additional data. */
    static PrefixedCipher aesGcm(String keyName, byte[] secret, SecureRandom random) {
        return aes("aesgcm", keyName, secret, random, "AES/GCM/NoPadding", GCM_NONCE_BYTES);
    }

    private static PrefixedCipher aes(
            String provider,
            String keyName,
            byte[] secret,
            SecureRandom random,
            String algorithm,
            int ivBytes) {
        String prefix = "k8s:enc:" + provider + ":v1:" + keyName + ":";
        SecretKeySpec key = new SecretKeySpec(secret, "AES");
        return new PrefixedCipher(
                prefix.getBytes(StandardCharsets.UTF_8), new Aes(key, random, algorithm, ivBytes));
    }

    private record Aes(SecretKeySpec secret, SecureRandom random, String algorithm, int ivBytes)
            implements PrefixedCipher.Cipher {

        @Override
        public byte[] decrypt(byte[] sealed, int offset, String key) {
            try {
                byte[] iv = Arrays.copyOfRange(sealed, offset, offset + ivBytes);
                int from = offset + ivBytes;
                return cipher(Cipher.DECRYPT_MODE, iv, key)
                        .doFinal(sealed, from, sealed.length - from);
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new StorageException(
                        StorageException.Kind.CORRUPT, key + " cannot be decrypted", e);
            }
        }

        @Override
        public byte[] encrypt(byte[] plain, int offset, String key) {
            try {
                byte[] iv = new byte[ivBytes];
                random.nextBytes(iv);
                Cipher cipher = cipher(Cipher.ENCRYPT_MODE, iv, key);
                byte[] out = new byte[offset + ivBytes + cipher.getOutputSize(plain.length)];
                System.arraycopy(iv, 0, out, offset, ivBytes);
                cipher.doFinal(plain, 0, plain.length, out, offset + ivBytes);
                return out;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(algorithm + " failed", e);
            }
        }

        private Cipher cipher(int mode, byte[] iv, String key) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance(algorithm);
            if (algorithm.contains("GCM")) {
                cipher.init(mode, secret, new GCMParameterSpec(GCM_TAG_BITS, iv));
                cipher.updateAAD(key.getBytes(StandardCharsets.UTF_8));
            } else {
                cipher.init(mode, secret, new IvParameterSpec(iv));
            }
            return cipher;
        }
    }
}
