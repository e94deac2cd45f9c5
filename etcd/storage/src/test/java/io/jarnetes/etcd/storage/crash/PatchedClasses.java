package io.jarnetes.etcd.storage.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.util.function.BiConsumer;

/** Loads the classes of the storage rooms once more, one method patched: a planted fault. */
public final class PatchedClasses extends ClassLoader {
    private static final String ROOMS = "io.jarnetes.etcd.storage.";

    private final String target;
    private final String method;
    private final BiConsumer<CodeBuilder, CodeModel> body;
    private boolean found;

    private PatchedClasses(String target, String method, BiConsumer<CodeBuilder, CodeModel> body) {
        super(PatchedClasses.class.getClassLoader());
        this.target = target;
        this.method = method;
        this.body = body;
    }

    /**
     * A loader of the rooms and their tests.
     *
     * @param target the class to be patched
     * @param method its method
     * @param body writes the method's new code; given the old one
     */
    public static ClassLoader of(
            String target, String method, BiConsumer<CodeBuilder, CodeModel> body) {
        return new PatchedClasses(target, method, body);
    }

    /** A loader in which a boolean method always says no. */
    public static ClassLoader returningFalse(String target, String method) {
        return of(target, method, (code, old) -> code.iconst_0().ireturn());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(ROOMS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String resource = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(resource)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            if (name.equals(target)) {
                bytes = patched(bytes);
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] patched(byte[] bytes) {
        ClassFile classFile = ClassFile.of();
        ClassTransform transform =
                ClassTransform.transformingMethods(
                        (MethodModel model) -> model.methodName().equalsString(method),
                        (builder, element) -> {
                            if (element instanceof CodeModel old) {
                                found = true;
                                builder.withCode(code -> body.accept(code, old));
                            } else {
                                builder.with(element);
                            }
                        });
        byte[] patched = classFile.transformClass(classFile.parse(bytes), transform);
        if (!found) {
            throw new IllegalStateException(target + " has no method " + method + " any more");
        }
        return patched;
    }
}
