package io.jarnetes.etcd.server.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Small histories by hand, and large and random ones against an exhaustive search. */
final class LinearizabilityTest {
    private final List<Operation> history = new ArrayList<>();
    private int clients;

    // ---- what is accepted

    @Test
    void oneAfterAnother() {
        get(0, 1, null);
        put(2, 3, "a");
        get(4, 5, "a");
        cas(6, 7, "a", "b", true);
        cas(8, 9, "a", "c", false);
        delete(10, 11, true);
        delete(12, 13, false);
        get(14, 15, null);
        accepted();
    }

    @Test
    void whatOverlapsMayGoEitherWay() {
        put(0, 10, "a");
        put(0, 10, "b");
        get(1, 3, "b");
        get(4, 9, "a");
        accepted();
    }

    @Test
    void whatTouchesOverlaps() {
        put(0, 5, "a");
        get(5, 6, null);
        accepted();
    }

    @Test
    void anUnknownWriteMayComeLateOrNever() {
        unknown(0, new Action.Put("k", "a"));
        unknown(0, new Action.Put("k", "never"));
        get(1, 2, null);
        put(3, 4, "b");
        get(5, 6, "b");
        get(7, 8, "a");
        accepted();
    }

    @Test
    void anUnknownCasMayHaveComparedOrNot() {
        put(0, 1, "a");
        unknown(2, new Action.Cas("k", "a", "b"));
        unknown(2, new Action.Cas("k", "x", "c"));
        cas(3, 4, "a", "d", false);
        get(5, 6, "b");
        accepted();
    }

    @Test
    void anUnknownDeleteMayHaveDeleted() {
        put(0, 1, "a");
        unknown(2, new Action.Delete("k"));
        get(3, 4, "a");
        get(5, 6, null);
        accepted();
    }

    @Test
    void aValueThatNobodySawMakesAComparisonFail() {
        put(0, 1, "a");
        unknown(2, new Action.Put("k", "unseen"));
        cas(3, 4, "a", "b", false);
        accepted();
    }

    @Test
    void valuesThatAreWrittenTwice() {
        unknown(0, new Action.Put("k", "a"));
        put(1, 2, "a");
        put(3, 4, "b");
        get(5, 6, "a");
        accepted();
    }

    // ---- what is refused

    @Test
    void aStaleRead() {
        put(0, 1, "a");
        put(2, 3, "b");
        get(4, 5, "a");
        refused(history.get(2));
    }

    @Test
    void aLostWrite() {
        put(0, 1, "a");
        get(2, 3, null);
        refused(history.get(1));
    }

    @Test
    void aValueThatNobodyWrote() {
        put(0, 1, "a");
        get(2, 3, "z");
        refused(history.get(1));
    }

    @Test
    void aReadOfTheFuture() {
        get(0, 1, "a");
        put(2, 3, "a");
        refused(history.get(0));
    }

    @Test
    void anUnknownWriteThatIsSeenBeforeItWasAsked() {
        get(0, 1, "a");
        unknown(2, new Action.Put("k", "a"));
        refused(history.get(0));
    }

    @Test
    void readsThatGoBack() {
        put(0, 1, "a");
        put(2, 20, "b");
        get(3, 4, "b");
        get(5, 6, "a");
        refused(history.get(3));
    }

    @Test
    void anUnknownWriteThatIsSeenAndThenUnseen() {
        put(0, 1, "a");
        unknown(2, new Action.Put("k", "b"));
        get(3, 4, "b");
        get(5, 6, "a");
        assertThat(Linearizability.check(history)).isPresent();
    }

    @Test
    void twoComparisonsThatBothWin() {
        put(0, 1, "a");
        cas(2, 9, "a", "b", true);
        cas(2, 9, "a", "c", true);
        assertThat(Linearizability.check(history)).isPresent();
    }

    @Test
    void aComparisonThatFailsWithoutReason() {
        put(0, 1, "a");
        cas(2, 3, "a", "b", false);
        refused(history.get(1));
    }

    @Test
    void aDeleteThatFoundNothing() {
        put(0, 1, "a");
        delete(2, 3, false);
        refused(history.get(1));
    }

    @Test
    void twoDeletesThatBothFound() {
        put(0, 1, "a");
        delete(2, 9, true);
        delete(2, 9, true);
        assertThat(Linearizability.check(history)).isPresent();
    }

    @Test
    void oneKeyOfMany() {
        put(0, 1, "a");
        get(2, 3, "a");
        add(0, 1, new Action.Put("other", "a"), Result.DONE);
        add(2, 3, new Action.Get("other"), Result.read("b"));
        assertThat(Linearizability.check(history))
                .isPresent()
                .get()
                .satisfies(v -> {
                    assertThat(v.key()).isEqualTo("other");
                    assertThat(v.value()).isEqualTo("a");
                    assertThat(v.around()).containsExactly(history.get(2));
                });
        assertThatThrownBy(() -> Linearizability.verify(history))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("key other is not linearizable: with a there")
                .hasMessageContaining("Read[value=b]");
    }

    // ---- at random

    /** Every answer on small histories is that of trying all orders, and both occur. */
    @Test
    void agreesWithAnExhaustiveSearch() {
        int refusals = 0;
        int rounds = 6000;
        for (int seed = 0; seed < rounds; seed++) {
            List<Operation> small = RandomHistories.plausible(new Random(seed), 6);
            boolean expected = RandomHistories.hasOrder(small);
            assertThat(Linearizability.check(small).isEmpty())
                    .describedAs("seed %d: %s", seed, small)
                    .isEqualTo(expected);
            refusals += expected ? 0 : 1;
        }
        assertThat(refusals).isBetween(rounds / 10, rounds * 9 / 10);
    }

    /** A machine's own history is accepted; with one read of another value it is not. */
    @Test
    void longHistoriesOfAMachine() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Operation> some = RandomHistories.ofMachine(random, 4000, 8);
            assertThat(Linearizability.check(some)).describedAs("seed %d", seed).isEmpty();
            RandomHistories.spoil(random, some);
            assertThat(Linearizability.check(some)).describedAs("spoilt %d", seed).isPresent();
        }
    }

    @Test
    void tooManyOrdersAreAnErrorAndNoVerdict() {
        for (int i = 0; i < 24; i++) {
            unknown(0, new Action.Put("k", "v" + i));
            cas(1, 2, "v" + i, "w", false);
        }
        get(3, 4, "w");
        assertThatThrownBy(() -> Linearizability.check(history))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("possible orders");
    }

    // ---- records

    @Test
    void whatIsCalledAndNeverEndsIsUnknown() {
        History recorded = new History();
        History.Call first = recorded.call(1, 0, new Action.Put("k", "a"));
        History.Call second = recorded.call(2, 0, new Action.Put("k", "b"));
        History.Call third = recorded.call(3, 1, new Action.Get("k"));
        recorded.call(4, 1, new Action.Delete("k"));
        first.ended(2, Result.DONE);
        second.failed();
        third.unknown();
        assertThat(recorded.operations())
                .containsExactly(
                        new Operation(1, 0, 2, new Action.Put("k", "a"), Result.DONE),
                        operation(3, 1, Operation.NEVER, new Action.Get("k"), Result.UNKNOWN),
                        operation(4, 1, Operation.NEVER, new Action.Delete("k"), Result.UNKNOWN));
        assertThatThrownBy(first::unknown).hasMessageContaining("has ended already");
    }

    @Test
    void anOperationFitsItsResult() {
        Action get = new Action.Get("k");
        assertThatThrownBy(() -> operation(1, 2, 1, get, Result.read("a")))
                .hasMessageContaining("before 2");
        assertThatThrownBy(() -> operation(1, 0, 1, get, Result.DONE))
                .hasMessageContaining("is not answered by Done");
        assertThatThrownBy(() -> operation(1, 0, 1, get, Result.UNKNOWN))
                .hasMessageContaining("NEVER goes with UNKNOWN");
    }

    private static Operation operation(int client, long call, long end, Action a, Result r) {
        return new Operation(client, call, end, a, r);
    }

    private void accepted() {
        assertThat(Linearizability.check(history)).isEmpty();
        Linearizability.verify(history);
    }

    private void refused(Operation stuck) {
        assertThat(Linearizability.check(history))
                .get()
                .extracting(Linearizability.Violation::stuck)
                .isEqualTo(stuck);
    }

    private void add(long call, long end, Action action, Result result) {
        history.add(new Operation(clients++, call, end, action, result));
    }

    private void put(long call, long end, String value) {
        add(call, end, new Action.Put("k", value), Result.DONE);
    }

    private void get(long call, long end, @Nullable String value) {
        add(call, end, new Action.Get("k"), Result.read(value));
    }

    private void delete(long call, long end, boolean did) {
        add(call, end, new Action.Delete("k"), Result.changed(did));
    }

    private void cas(long call, long end, String expected, String value, boolean did) {
        add(call, end, new Action.Cas("k", expected, value), Result.changed(did));
    }

    private void unknown(long call, Action action) {
        add(call, Operation.NEVER, action, Result.UNKNOWN);
    }
}
