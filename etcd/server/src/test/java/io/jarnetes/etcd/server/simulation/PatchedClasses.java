package io.jarnetes.etcd.server.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A world of its own, in which one method isn't as it was written. All of etcd's classes are loaded
 * anew here, so that they meet the patched one; only what a run reports is shared. A patch that
 * finds nothing to patch is an error: the fault would not be planted, and its search in vain.
 */
final class PatchedClasses extends ClassLoader {
    private static final String ETCD = "io.jarnetes.etcd.";
    private static final Set<String> SHARED =
            Set.of(Report.class.getName(), Happening.class.getName());

    /**
     * Calls that give true whatever they are asked.
     *
     * @param owner the class of the method in which they stand
     * @param method that method
     * @param callee the name of what is called, an instance method of an index and a term
     */
    record Patch(String owner, String method, String callee) {
        /** A leader asks whether what a quorum has is of its own term (Raft §5.4.2); no longer. */
        static final Patch COMMIT_OLD_TERM =
                new Patch("io.jarnetes.etcd.raft.Replication", "maybeCommit", "matches");

        private static final String CALLEE_TYPE = "(JJ)Z";

        byte[] apply(byte[] original) {
            ClassFile files = ClassFile.of();
            ClassModel parsed = files.parse(original);
            int[] replaced = new int[1];
            CodeTransform always =
                    (code, element) -> {
                        if (element instanceof InvokeInstruction call
                                && call.name().equalsString(callee)
                                && call.type().equalsString(CALLEE_TYPE)) {
                            // On the stack are the instance and two longs.
                            code.pop2().pop2().pop().iconst_1();
                            replaced[0]++;
                        } else {
                            code.with(element);
                        }
                    };
            byte[] patched =
                    files.transformClass(
                            parsed, ClassTransform.transformingMethodBodies(this::isIn, always));
            if (replaced[0] != 1) {
                throw new IllegalStateException(
                        "the patch wants one call of "
                                + callee
                                + CALLEE_TYPE
                                + " in "
                                + owner
                                + "."
                                + method
                                + ", and found "
                                + replaced[0]
                                + ": the code has changed, and the patch must follow it");
            }
            return patched;
        }

        private boolean isIn(MethodModel candidate) {
            return candidate.methodName().equalsString(method);
        }
    }

    private final @Nullable Patch patch;

    /**
     * @param patch null to change nothing
     */
    PatchedClasses(@Nullable Patch patch) {
        super(PatchedClasses.class.getClassLoader());
        this.patch = patch;
    }

    /** Runs seeds in this world. */
    @SuppressWarnings("unchecked") // Simulation says so.
    LongFunction<Report> runner() {
        return (LongFunction<Report>) call(Simulation.class, "runner");
    }

    /**
     * Calls a static method without parameters as it is in this world; throws what it throws.
     *
     * @param owner the class in the ordinary world
     */
    Object call(Class<?> owner, String name) {
        try {
            Method method = loadClass(owner.getName()).getDeclaredMethod(name);
            method.setAccessible(true);
            return method.invoke(null);
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
        if (!name.startsWith(ETCD) || SHARED.contains(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            if (patch != null && name.equals(patch.owner())) {
                bytes = patch.apply(bytes);
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
