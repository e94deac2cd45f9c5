package io.jarnetes.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One resource of one version, as discovery, storage and routing need it.
 *
 * @param group the API group, empty for core
 * @param version such as {@code v1}
 * @param plural the resource's name in paths
 * @param kind the Go type's name
 * @param singular the kind in lower case, for built-in ones
 * @param namespaced whether objects live in a namespace
 * @param verbs in alphabetical order
 * @param shortNames as discovery lists them
 * @param categories such as {@code all}
 * @param subresources by name
 * @param storagePrefix what follows {@code /registry/} in etcd's keys, without slashes at its ends;
 *     empty for what is never stored
 * @param stored the group, version and kind that objects are stored as
 * @param served whether the version is on without {@code --runtime-config}
 */
public record ResourceDefinition(
        String group,
        String version,
        String plural,
        String kind,
        String singular,
        boolean namespaced,
        List<String> verbs,
        List<String> shortNames,
        List<String> categories,
        List<Subresource> subresources,
        String storagePrefix,
        GroupVersionKind stored,
        boolean served) {

    public ResourceDefinition {
        verbs = List.copyOf(verbs);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = List.copyOf(subresources);
    }

    static String singularOf(String kind) {
        return kind.toLowerCase(Locale.ROOT);
    }

    public GroupVersion groupVersion() {
        return new GroupVersion(group, version);
    }

    public GroupVersionKind gvk() {
        return new GroupVersionKind(group, version, kind);
    }

    /** {@code deployments.apps}, as error messages name a resource; the plural alone for core. */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** Whether objects are kept in etcd; reviews and bindings are not. */
    public boolean isStored() {
        return !storagePrefix.isEmpty();
    }

    public boolean allows(String verb) {
        return verbs.contains(verb);
    }

    public Optional<Subresource> subresource(String name) {
        return subresources.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /**
     * Standard base64 of the first 8 bytes of SHA-256 over {@code group/version/kind} of the stored
     * type (k8s.io/apiserver/pkg/endpoints/discovery, StorageVersionHash); empty for what is never
     * stored.
     */
    public String storageVersionHash() {
        if (!isStored()) {
            return "";
        }
        String text = stored.group() + "/" + stored.version() + "/" + stored.kind();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
