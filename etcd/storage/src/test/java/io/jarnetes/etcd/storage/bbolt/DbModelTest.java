package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.crash.PatchedClasses;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A Db against a model; and the same with a fault planted. */
class DbModelTest {
    @TempDir Path directory;

    @TestFactory
    Stream<DynamicTest> transactionsAndReaders() {
        return Seeds.of(20, seed -> ModelRun.run(directory, seed));
    }

    @Test
    void aPageThatIsFreedTooEarlyIsFound() throws Exception {
        // As if no reader could reach any page that is given up.
        ClassLoader planted = PatchedClasses.returningFalse(Freelist.class.getName(), "reachable");
        Method run =
                planted.loadClass(ModelRun.class.getName())
                        .getMethod("run", Path.class, long.class);
        assertThatThrownBy(
                        () -> {
                            for (long seed = 1; seed <= 10; seed++) {
                                run.invoke(null, Files.createTempDirectory(directory, "p"), seed);
                            }
                        })
                .isInstanceOf(InvocationTargetException.class);
    }
}
