package io.jarnetes.apiserver.server.storage;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * {@code EncryptionConfiguration} of {@code apiserver.config.k8s.io/v1}: which resources are
 * encrypted how. Providers aescbc, aesgcm and identity; the first matching entry counts.
 */
public final class EncryptionConfig {

    /** Nothing is encrypted. */
    public static final EncryptionConfig NONE = new EncryptionConfig(List.of());

    private static final Set<Integer> AES_KEY_BYTES = Set.of(16, 24, 32);

    private record Entry(List<String> resources, ProviderChain providers) {}

    private final List<Entry> entries;

    private EncryptionConfig(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * @throws IllegalArgumentException saying what is wrong, never quoting a key
     */
    public static EncryptionConfig parse(String yaml, SecureRandom random) {
        Object document;
        try {
            document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the encryption configuration is not YAML", e);
        }
        Map<?, ?> root = map(document, "the encryption configuration");
        if (!"EncryptionConfiguration".equals(root.get("kind"))) {
            throw new IllegalArgumentException(
                    "the encryption configuration has kind "
                            + root.get("kind")
                            + ", not EncryptionConfiguration");
        }
        List<Entry> entries = new ArrayList<>();
        for (Object each : list(root.get("resources"), "resources")) {
            Map<?, ?> entry = map(each, "an entry of resources");
            List<String> resources = new ArrayList<>();
            list(entry.get("resources"), "resources[].resources")
                    .forEach(name -> resources.add(String.valueOf(name)));
            List<PrefixedCipher> ciphers = new ArrayList<>();
            for (Object provider : list(entry.get("providers"), "providers")) {
                ciphers.addAll(ciphers(map(provider, "a provider"), random));
            }
            if (ciphers.isEmpty()) {
                throw new IllegalArgumentException("providers must not be empty");
            }
            entries.add(new Entry(resources, new ProviderChain(ciphers)));
        }
        return new EncryptionConfig(entries);
    }

    /** How objects of a resource are stored. */
    Transformer transformer(String group, String resource) {
        String name = group.isEmpty() ? resource : resource + "." + group;
        String wholeGroup = "*." + group;
        for (Entry entry : entries) {
            for (String pattern : entry.resources) {
                if (pattern.equals(name)
                        || pattern.equals(wholeGroup)
                        || pattern.equals("*.*")
                        || (group.isEmpty() && pattern.equals(resource + "."))) {
                    return entry.providers;
                }
            }
        }
        return ProviderChain.IDENTITY;
    }

    private static List<PrefixedCipher> ciphers(Map<?, ?> provider, SecureRandom random) {
        if (provider.size() != 1) {
            throw new IllegalArgumentException(
                    "a provider must have exactly one of aescbc, aesgcm, identity; it has "
                            + provider.keySet());
        }
        String kind = String.valueOf(provider.keySet().iterator().next());
        if (kind.equals("identity")) {
            return List.of(Ciphers.identity());
        }
        if (!kind.equals("aescbc") && !kind.equals("aesgcm")) {
            throw new IllegalArgumentException(
                    "the encryption provider "
                            + kind
                            + " is not there: use aescbc, aesgcm or identity");
        }
        List<PrefixedCipher> ciphers = new ArrayList<>();
        for (Object each : list(map(provider.get(kind), kind).get("keys"), kind + ".keys")) {
            Map<?, ?> key = map(each, "a key");
            String name = String.valueOf(key.get("name"));
            byte[] secret = secret(name, String.valueOf(key.get("secret")));
            ciphers.add(
                    kind.equals("aescbc")
                            ? Ciphers.aesCbc(name, secret, random)
                            : Ciphers.aesGcm(name, secret, random));
        }
        return ciphers;
    }

    private static byte[] secret(String name, String base64) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the secret of the encryption key " + name + " is not base64", e);
        }
        if (!AES_KEY_BYTES.contains(secret.length)) {
            throw new IllegalArgumentException(
                    "the secret of the encryption key "
                            + name
                            + " has "
                            + secret.length
                            + " bytes; it must have 16, 24 or 32");
        }
        return secret;
    }

    private static Map<?, ?> map(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(what + " must be a mapping");
    }

    private static List<?> list(@Nullable Object value, String what) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(what + " must be a list");
    }
}
