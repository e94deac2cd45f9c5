package io.jarnetes.base.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagsTest {

    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<String> text = flags.string("text", "none", "A text.");
    private final Flag<Boolean> on = flags.bool("on", false, "A switch.");
    private final Flag<Integer> count = flags.integer("count", 3, "A count.");
    private final Flag<Duration> wait = flags.duration("wait", Duration.ofSeconds(90), "A time.");
    private final Flag<List<String>> list = flags.strings("list", List.of("x"), "A list.");
    private final Flag<Map<String, String>> map = flags.map("map", Map.of(), "A map.");

    private void parse(String... args) throws FlagException {
        flags.parse(List.of(args));
    }

    @Test
    void valuesStandBehindAnEqualsSignOrAsTheNextWord() throws FlagException {
        parse("--text=a=b", "--count", "-7", "--wait", "1h2m3.5s", "file");
        assertThat(text.get()).isEqualTo("a=b");
        assertThat(count.get()).isEqualTo(-7);
        assertThat(wait.get()).isEqualTo(Duration.ofMillis(3_723_500));
        assertThat(flags.positional()).containsExactly("file");
    }

    @Test
    void wordsBetweenFlagsAreTakenOnce() throws FlagException {
        parse("a", "--on", "b", "--text", "x", "c");
        assertThat(flags.positional()).containsExactly("a", "b", "c");
    }

    @Test
    void aSwitchTakesNoNextWord() throws FlagException {
        parse("--on", "false");
        assertThat(on.get()).isTrue();
        assertThat(flags.positional()).containsExactly("false");
    }

    @Test
    void aSwitchIsTurnedOffWithAValue() throws FlagException {
        parse("--on", "--on=false");
        assertThat(on.get()).isFalse();
        assertThat(on.changed()).isTrue();
    }

    @Test
    void listsAndMapsGatherAndReplaceTheirDefault() throws FlagException {
        parse("--list=a,b", "--list", "c", "--map=k=v,l=w", "--map=m=x");
        assertThat(list.get()).containsExactly("a", "b", "c");
        assertThat(map.get()).containsEntry("k", "v").containsEntry("m", "x").hasSize(3);
    }

    @Test
    void defaultsStay() throws FlagException {
        parse();
        assertThat(list.get()).containsExactly("x");
        assertThat(text.changed()).isFalse();
        assertThat(flags.usage())
                .contains("--wait duration")
                .contains("(default 1m30s)")
                .contains("(default \"none\")");
    }

    @Test
    void errorsAreUpstreams() {
        assertThatThrownBy(() -> parse("--nope=1")).hasMessage("unknown flag: --nope");
        assertThatThrownBy(() -> parse("-x")).hasMessage("unknown shorthand flag: 'x' in -x");
        assertThatThrownBy(() -> parse("--text")).hasMessage("flag needs an argument: --text");
        assertThatThrownBy(() -> parse("--count=x"))
                .hasMessage(
                        "invalid argument \"x\" for \"--count\" flag:"
                                + " strconv.ParseInt: parsing \"x\": invalid syntax");
        assertThatThrownBy(() -> parse("--wait=5"))
                .hasMessage(
                        "invalid argument \"5\" for \"--wait\" flag:"
                                + " time: missing unit in duration \"5\"");
        assertThatThrownBy(() -> parse("--on=maybe"))
                .isInstanceOf(FlagException.class)
                .hasMessageContaining("strconv.ParseBool: parsing \"maybe\": invalid syntax");
    }

    @Test
    void goStyleTakesOneDashOrTwo() throws FlagException {
        Flags go = new Flags(Flags.Style.GO);
        Flag<String> name = go.string("name", "default", "");
        Flag<Boolean> auth = go.bool("client-cert-auth", false, "");
        go.parse(List.of("-name", "m1", "--client-cert-auth"));
        assertThat(name.get()).isEqualTo("m1");
        assertThat(auth.get()).isTrue();
        assertThatThrownBy(() -> new Flags(Flags.Style.GO).parse(List.of("--nope")))
                .hasMessage("flag provided but not defined: -nope");
    }
}
