package io.jarnetes.apiserver.schema.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.SchemaFormat;
import io.jarnetes.apiserver.schema.generator.TypeBuilder.Built;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the schema resources: {@code GenerateSchema PROTO-JAR PROTO-SOURCES API-JAR FOLDER}. It
 * runs at build time only.
 */
public final class GenerateSchema {
    /** Packages whose API is gone from 1.36, or that no server keeps objects of. */
    private static final Pattern STALE =
            Pattern.compile(
                    "io\\.k8s\\.api\\.(apps\\.v1beta.|autoscaling\\.v2beta.|extensions\\..*"
                            + "|policy\\.v1beta1|rbac\\.v1(alpha|beta)1|authentication\\.v1beta1"
                            + "|authorization\\.v1beta1|batch\\.v1beta1|imagepolicy\\..*"
                            + "|scheduling\\.v1alpha1|admission\\..*)"
                            + "|io\\.k8s\\.apiextensions-apiserver\\..*v1beta1");

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String EXTENSIONS =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    /** Types outside OpenAPI that are stored, sent or embedded. */
    private static final Set<String> UNPUBLISHED =
            Set.of(
                    "io.k8s.api.core.v1.NodeProxyOptions",
                    "io.k8s.api.core.v1.PodAttachOptions",
                    "io.k8s.api.core.v1.PodExecOptions",
                    "io.k8s.api.core.v1.PodLogOptions",
                    "io.k8s.api.core.v1.PodPortForwardOptions",
                    "io.k8s.api.core.v1.PodProxyOptions",
                    "io.k8s.api.core.v1.RangeAllocation",
                    "io.k8s.api.core.v1.ServiceProxyOptions",
                    META + "CreateOptions",
                    META + "ListOptions",
                    META + "PartialObjectMetadata",
                    META + "PartialObjectMetadataList",
                    META + "PatchOptions",
                    META + "UpdateOptions");

    /** Types that are one JSON value; they have a description and no fields. */
    private static final Set<String> VALUES =
            Set.of(
                    META + "FieldsV1",
                    META + "MicroTime",
                    META + "Time",
                    "io.k8s.apimachinery.pkg.api.resource.Quantity",
                    "io.k8s.apimachinery.pkg.runtime.RawExtension",
                    "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
                    EXTENSIONS + "JSON",
                    EXTENSIONS + "JSONSchemaPropsOrArray",
                    EXTENSIONS + "JSONSchemaPropsOrBool",
                    EXTENSIONS + "JSONSchemaPropsOrStringArray");

    private GenerateSchema() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException(
                    "GenerateSchema wants PROTO-JAR PROTO-SOURCES API-JAR FOLDER, got "
                            + args.length
                            + " arguments");
        }
        Path folder = Files.createDirectories(Path.of(args[3]));
        try (JarFile proto = new JarFile(args[0]);
                JarFile sources = new JarFile(args[1]);
                JarFile api = new JarFile(args[2])) {
            Map<String, DescriptorProto> messages = ProtoReader.read(proto);
            messages.keySet().removeIf(GenerateSchema::isStale);
            Shapes shapes = Shapes.read();
            Join join = new Join(messages, ModelReader.read(api), shapes);
            TypeBuilder builder = new TypeBuilder(join, CommentReader.read(sources), shapes);
            write(folder, types(join, builder));
        }
    }

    private static boolean isStale(String message) {
        String name = Join.definition(message);
        return STALE.matcher(name.substring(0, name.lastIndexOf('.'))).matches();
    }

    /** Everything in OpenAPI, and what that embeds. */
    private static Map<String, Built> types(Join join, TypeBuilder builder) {
        Map<String, Built> built = new TreeMap<>();
        VALUES.forEach(name -> built.put(name, builder.value(name)));
        List<String> wanted = new ArrayList<>(join.models.keySet());
        wanted.addAll(UNPUBLISHED);
        while (!wanted.isEmpty()) {
            String name = wanted.removeLast();
            if (!built.containsKey(name)) {
                Built type = builder.build(name);
                built.put(name, type);
                wanted.addAll(type.inlines().values());
                type.fields().values().stream()
                        .map(FieldSchema::ref)
                        .filter(r -> r.startsWith("io."))
                        .forEach(wanted::add);
            }
        }
        return built;
    }

    private static void write(Path folder, Map<String, Built> types) throws IOException {
        Map<String, Integer> index = new HashMap<>();
        for (String name : new TreeSet<>(types.keySet())) {
            index.put(name, index.size());
        }
        StringBuilder schema = new StringBuilder();
        StringBuilder texts = new StringBuilder();
        for (Built type : types.values()) {
            schema.append(line(type, index)).append('\n');
            texts.append(escaped(type.description()));
            for (String field : type.fields().keySet()) {
                texts.append('\t').append(escaped(type.texts().getOrDefault(field, "")));
            }
            texts.append('\n');
        }
        Files.writeString(folder.resolve(SchemaFormat.SCHEMA), schema, UTF_8);
        try (OutputStream out = new Gzip(folder.resolve(SchemaFormat.TEXTS))) {
            out.write(texts.toString().getBytes(UTF_8));
        }
    }

    private static String line(Built type, Map<String, Integer> index) {
        String flags =
                (type.atomic() ? "a" : "")
                        + (type.protobuf() ? "p" : "")
                        + (type.published() ? "o" : "");
        List<String> inlines = new ArrayList<>();
        type.inlines().forEach((number, ref) -> inlines.add(number + ":" + index.get(ref)));
        List<String> columns = new ArrayList<>();
        columns.add(type.name());
        columns.add(flags);
        columns.add(String.join(",", inlines));
        type.fields().values().forEach(f -> columns.add(SchemaFormat.write(f, index)));
        return String.join("\t", columns);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }

    /** Gzip at its best level; its header has no time, so equal text gives equal bytes. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(Path file) throws IOException {
            super(Files.newOutputStream(file));
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
