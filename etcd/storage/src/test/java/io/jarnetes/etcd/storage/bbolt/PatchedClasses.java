package io.jarnetes.etcd.storage.bbolt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;

/** Loads the classes of this package once more, one method of them patched: a planted fault. */
final class PatchedClasses extends ClassLoader {
    private final Class<?> target;
    private final String method;

    private PatchedClasses(Class<?> target, String method) {
        super(target.getClassLoader());
        this.target = target;
        this.method = method;
    }

    /** A loader in which a static boolean method of {@code target} always says no. */
    static ClassLoader returningFalse(Class<?> target, String method) {
        return new PatchedClasses(target, method);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(target.getPackageName() + ".")) {
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
            if (name.equals(target.getName())) {
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
                            if (element instanceof CodeModel) {
                                builder.withCode(code -> code.iconst_0().ireturn());
                            } else {
                                builder.with(element);
                            }
                        });
        return classFile.transformClass(classFile.parse(bytes), transform);
    }
}
