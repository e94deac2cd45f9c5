package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.disk.FaultyDisk;
import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The crash tests with a fault planted: a test that stays green on it tests nothing. */
@Tag("crash")
class PlantedFaultsTest {
    private static final int MOST_SEEDS = 60;
    private static final int CRASHES = 12;
    private static final String STORAGE = "io.jarnetes.etcd.storage.";

    /** Fails unless one of some seeds finds a fault; what finds none is run on sound classes. */
    private static void requireFound(LongFunction<@Nullable Throwable> run) {
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            if (run.apply(seed) != null) {
                return;
            }
        }
        throw new AssertionError("no seed up to " + MOST_SEEDS + " finds the fault");
    }

    private static @Nullable Throwable failure(Runnable run) {
        try {
            run.run();
            return null;
        } catch (AssertionError | RuntimeException e) {
            return e;
        }
    }

    /** The same crashes in classes of a loader of their own. */
    private static @Nullable Throwable failure(ClassLoader loader, long seed) {
        try {
            Method run =
                    loader.loadClass(Scenario.class.getName())
                            .getMethod("crashAfterCrash", long.class, int.class);
            run.invoke(null, seed, CRASHES);
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void ofTheDisk(FaultyDisk.Fault fault) {
        requireFound(seed ->
                failure(() ->
                        Scenario.crashAfterCrash(
                                seed,
                                CRASHES,
                                Scenario.Plant.NONE,
                                disk -> new FaultyDisk(disk, fault))));
    }

    @Test
    void anIndexAheadOfTheLog() {
        requireFound(seed ->
                failure(() ->
                        Scenario.crashAfterCrash(
                                seed,
                                CRASHES,
                                Scenario.Plant.INDEX_AHEAD_OF_LOG,
                                Scenario.SOUND_DISK)));
    }

    @Test
    void tombstonesThatAreDropped() {
        ClassDesc backend = ClassDesc.of(Backend.class.getName());
        ClassLoader planted =
                PatchedClasses.of(
                        STORAGE + "mvcc.StoreWriteTxn",
                        "delete",
                        (code, old) -> {
                            for (CodeElement element : old) {
                                if (element instanceof InvokeInstruction call
                                        && call.owner().asSymbol().equals(backend)
                                        && call.name().equalsString("put")) {
                                    // Receiver, bucket, key and value: nothing is stored.
                                    code.pop().pop().pop().pop();
                                } else {
                                    code.with(element);
                                }
                            }
                        });
        requireFound(seed -> failure(planted, seed));
    }

    @Test
    void pagesThatAreFreeBeforeTheCommitIsDurable() {
        ClassDesc freelist = ClassDesc.of(STORAGE + "bbolt.Freelist");
        ClassLoader planted =
                PatchedClasses.of(
                        STORAGE + "bbolt.Freelist",
                        "free",
                        (code, old) ->
                                // giveBack(new long[] {first, pages, 0}) in place of the wait.
                                code.aload(0)
                                        .iconst_3()
                                        .newarray(TypeKind.LONG)
                                        .dup()
                                        .iconst_0()
                                        .lload(1)
                                        .lastore()
                                        .dup()
                                        .iconst_1()
                                        .iload(3)
                                        .i2l()
                                        .lastore()
                                        .invokevirtual(
                                                freelist,
                                                "giveBack",
                                                MethodTypeDesc.of(
                                                        ConstantDescs.CD_void,
                                                        ConstantDescs.CD_long.arrayType()))
                                        .return_());
        requireFound(seed -> failure(planted, seed));
    }

    @Test
    void aLogThatIsReleasedBeforeItsSnapshotIsSaved() {
        requireFound(seed ->
                failure(() ->
                        Scenario.crashAfterCrash(
                                seed,
                                CRASHES,
                                Scenario.Plant.RELEASE_BEFORE_SNAPSHOT,
                                Scenario.SOUND_DISK)));
    }

    @Test
    void withoutAFaultNothingIsFound() {
        ClassLoader sound =
                PatchedClasses.of(
                        STORAGE + "bbolt.Freelist", "free", (code, old) -> old.forEach(code::with));
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(failure(sound, seed)).isNull();
        }
    }
}
