package io.jarnetes.etcd.server.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Runs simulations in a world of its own, in which one class isn't as it was written. All of etcd's
 * classes are loaded anew here, so that they meet the patched one.
 */
final class PatchedClasses extends ClassLoader {
    private static final String ETCD = "io.jarnetes.etcd.";

    private final String patched;
    private final ClassTransform patch;

    private PatchedClasses(String patched, ClassTransform patch) {
        super(PatchedClasses.class.getClassLoader());
        this.patched = patched;
        this.patch = patch;
    }

    /** Without Raft §5.4.2: the leader doesn't ask whether an entry is of its own term. */
    static PatchedClasses committingOldTerms() {
        CodeTransform always =
                (code, element) -> {
                    if (element instanceof InvokeInstruction call
                            && call.name().equalsString("matches")) {
                        // matches(index, term): two longs and the log are on the stack.
                        code.pop2().pop2().pop().iconst_1();
                    } else {
                        code.with(element);
                    }
                };
        return new PatchedClasses(
                "io.jarnetes.etcd.raft.Replication",
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("maybeCommit"), always));
    }

    /** Runs a seed; throws what the run throws. */
    Simulation.Report run(long seed) {
        try {
            Class<?> there = loadClass(Simulation.class.getName());
            Method run = there.getDeclaredMethod("traceOf", long.class);
            run.setAccessible(true);
            return Simulation.Report.ofTrace((long) run.invoke(null, seed));
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Error error -> throw error;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            return name.startsWith(ETCD) ? define(name) : super.loadClass(name, resolve);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            if (name.equals(patched)) {
                ClassFile files = ClassFile.of();
                bytes = files.transformClass(files.parse(bytes), patch);
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
