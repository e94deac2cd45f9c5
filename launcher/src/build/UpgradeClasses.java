import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Raises the class files of a jar that are older than version 50 (Java 6) to 52 (Java 8) and gives
 * them stack maps. CDS and the AOT cache pass over older ones, and over every class that extends
 * one: all of picocli, and what implements javax.inject.Provider.
 *
 * <p>Run by the source launcher after shading: {@code java UpgradeClasses.java JAR}.
 */
final class UpgradeClasses {

    private static final int OLDEST_CACHED = 50;
    private static final int JAVA_8 = 52;

    private UpgradeClasses() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]).toAbsolutePath();
        int[] raised = {0};
        try (URLClassLoader loader = new URLClassLoader(new java.net.URL[] {jar.toUri().toURL()});
                FileSystem files =
                        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            ClassFile classFile =
                    ClassFile.of(
                            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                            ClassFile.ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(loader)
                                            .orElse(ClassHierarchyResolver.defaultResolver())));
            Files.walkFileTree(
                    files.getPath("/"),
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            if (file.toString().endsWith(".class") && version(file) < OLDEST_CACHED) {
                                Files.write(file, raise(classFile, Files.readAllBytes(file)));
                                raised[0]++;
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        }
        System.err.println(raised[0] + " classes raised to version " + JAVA_8);
    }

    private static int version(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(8);
            return head.length < 8 ? JAVA_8 : (head[6] & 0xff) << 8 | head[7] & 0xff;
        }
    }

    private static byte[] raise(ClassFile classFile, byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        ClassTransform version =
                (builder, element) -> {
                    if (element instanceof ClassFileVersion) {
                        builder.withVersion(JAVA_8, 0);
                    } else {
                        builder.with(element);
                    }
                };
        // Method bodies that aren't rebuilt are copied as they are, without stack maps.
        ClassTransform rebuilt =
                ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
        return classFile.transformClass(model, version.andThen(rebuilt));
    }
}
