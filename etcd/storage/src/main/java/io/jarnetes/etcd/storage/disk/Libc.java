package io.jarnetes.etcd.storage.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The few system calls that Java does not offer, for 64-bit Linux. */
final class Libc {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final int FLOCK_STRUCT_BYTES = 32;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_VALUE =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN =
            handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), -1);
    private static final MethodHandle FLOCK =
            handle("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), -1);
    private static final MethodHandle FCNTL =
            handle("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), 2);
    private static final MethodHandle FALLOCATE =
            handle(
                    "posix_fallocate",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
                    -1);
    private static final MethodHandle TRUNCATE =
            handle("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), -1);

    private Libc() {}

    private static MethodHandle handle(String name, FunctionDescriptor types, int variadicFrom) {
        MemorySegment symbol = LINKER.defaultLookup().findOrThrow(name);
        return variadicFrom < 0
                ? LINKER.downcallHandle(symbol, types, ERRNO)
                : LINKER.downcallHandle(
                        symbol, types, ERRNO, Linker.Option.firstVariadicArg(variadicFrom));
    }

    static int open(Path path, boolean writable) {
        int flags = O_CLOEXEC | (writable ? O_RDWR : 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment name = arena.allocateFrom(path.toString());
            int result = (int) OPEN.invokeExact(state, name, flags);
            if (result < 0) {
                throw failed(path, "open", errno(state));
            }
            return result;
        } catch (Throwable e) {
            throw rethrow(path, "open", e);
        }
    }

    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored =
                    (int)
                            CLOSE.invokeExact(
                                    arena.allocate(Linker.Option.captureStateLayout()), descriptor);
            assert ignored <= 0;
        } catch (Throwable e) {
            throw rethrow(Path.of("descriptor " + descriptor), "close", e);
        }
    }

    static void truncate(Path path, int descriptor, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            if ((int) TRUNCATE.invokeExact(state, descriptor, size) != 0) {
                throw failed(path, "ftruncate to " + size, errno(state));
            }
        } catch (Throwable e) {
            throw rethrow(path, "ftruncate", e);
        }
    }

    /** {@code false} when the file system has no way to reserve blocks. */
    static boolean allocate(Path path, int descriptor, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int error;
            do {
                // This call alone returns the error instead of setting errno.
                error = (int) FALLOCATE.invokeExact(state, descriptor, 0L, size);
            } while (error == EINTR);
            if (error == EINVAL || error == EOPNOTSUPP || error == ENOSYS) {
                return false;
            }
            if (error != 0) {
                throw failed(path, "posix_fallocate of " + size + " bytes", error);
            }
            return true;
        } catch (Throwable e) {
            throw rethrow(path, "posix_fallocate", e);
        }
    }

    static boolean tryLock(Path path, int descriptor, LockKind kind) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int result =
                    switch (kind) {
                        case OPEN_FILE_DESCRIPTION -> {
                            // struct flock: type, whence, then start, length and pid as zeros,
                            // which means the whole file.
                            MemorySegment lock = arena.allocate(FLOCK_STRUCT_BYTES, 8);
                            lock.set(JAVA_SHORT, 0, F_WRLCK);
                            yield (int) FCNTL.invokeExact(state, descriptor, F_OFD_SETLK, lock);
                        }
                        case FLOCK -> (int) FLOCK.invokeExact(state, descriptor, LOCK_EX | LOCK_NB);
                        case FLOCK_SHARED ->
                                (int) FLOCK.invokeExact(state, descriptor, LOCK_SH | LOCK_NB);
                    };
            if (result == 0) {
                return true;
            }
            int error = errno(state);
            if (error == EAGAIN || error == EACCES) {
                return false;
            }
            throw failed(path, "lock", error);
        } catch (Throwable e) {
            throw rethrow(path, "lock", e);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO_VALUE.get(state, 0L);
    }

    private static DiskException failed(Path path, String call, int error) {
        return new DiskException(path, call + " failed with errno " + error);
    }

    private static RuntimeException rethrow(Path path, String call, Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known
                ? known
                : new DiskException(path, call + " failed", e);
    }
}
