package io.jarnetes.etcd.server;

import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * {@code --config-file}: the flags' names as keys, durations in nanoseconds, certificates under
 * {@code client-transport-security} and {@code peer-transport-security}.
 */
final class ConfigFile {
    private static final String CLIENT = "client-transport-security";
    private static final String PEER = "peer-transport-security";

    private ConfigFile() {}

    /**
     * Sets the flags that the file gives.
     *
     * @throws BootException if it can't be read or gives what no flag takes
     */
    static void apply(Path file, EtcdFlags flags) {
        for (Map.Entry<String, Object> entry : read(file).entrySet()) {
            String key = entry.getKey();
            Object value = entry.getValue();
            if (key.equals(CLIENT) && value instanceof Map<?, ?> map) {
                transport(file, flags, "", map);
            } else if (key.equals(PEER) && value instanceof Map<?, ?> map) {
                transport(file, flags, "peer-", map);
            } else {
                set(file, flags, key, value);
            }
        }
    }

    private static Map<String, Object> read(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Object tree = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
            Map<String, Object> entries = new LinkedHashMap<>();
            if (tree instanceof Map<?, ?> map) {
                map.forEach((key, value) -> entries.put(String.valueOf(key), value));
            } else if (tree != null) {
                throw new BootException(file + " is no map of settings");
            }
            return entries;
        } catch (NoSuchFileException e) {
            throw new BootException("open " + file + ": no such file or directory", e);
        } catch (IOException e) {
            throw new BootException("open " + file + ": " + e.getMessage(), e);
        } catch (MarkedYAMLException e) {
            // In Go's words, where they are known; where in the file, is in the cause.
            throw new BootException(
                    "error converting YAML to JSON: yaml: "
                            + e.getProblem().replace(" here", " in this context"),
                    e);
        } catch (YAMLException e) {
            throw new BootException("error converting YAML to JSON: yaml: " + e.getMessage(), e);
        }
    }

    private static void transport(Path file, EtcdFlags flags, String prefix, Map<?, ?> settings) {
        settings.forEach((key, value) -> {
            String name = String.valueOf(key);
            set(file, flags, prefix + name, value);
        });
    }

    private static void set(Path file, EtcdFlags flags, String key, @Nullable Object value) {
        Flag<?> flag = flags.flags.find(key);
        if (flag == null || value == null) {
            // Upstream ignores settings that it does not know.
            return;
        }
        try {
            flags.flags.set(key, word(file, flag, value));
        } catch (FlagException e) {
            throw new BootException(
                    key.equals("initial-cluster-state")
                            ? "unexpected clusterState \"" + value + "\""
                            : file + ": " + key + ": " + e.getMessage(),
                    e);
        }
    }

    private static String word(Path file, Flag<?> flag, Object value) {
        if (flag.defaultValue() instanceof Duration) {
            if (!(value instanceof Number nanos)) {
                throw new BootException(
                        file
                                + ": "
                                + flag.name()
                                + " is a duration, which stands here in nanoseconds, not as \""
                                + value
                                + "\"");
            }
            return nanos.longValue() + "ns";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return String.valueOf(value);
    }
}
