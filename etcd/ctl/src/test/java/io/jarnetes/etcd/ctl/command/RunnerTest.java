package io.jarnetes.etcd.ctl.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.flags.Flag;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RunnerTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> done = new ArrayList<>();

    private Command tree() {
        Command root = new Command("tool", "A tool.");
        global(root);
        Command copy = new Command("copy <from> <to>", "Copies").takes(2);
        Flag<String> speed = global(copy);
        Flag<Boolean> loud = copy.flags().bool("loud", false, "Say it");
        copy.does(args -> done.add(args + " " + speed.get() + " " + loud.get()));
        Command count = new Command("count", "Counts");
        global(count);
        Flag<Long> to = count.require(count.flags().unsigned("to", 0, "Where to end"));
        count.does(args -> {
            throw new ExitException(ExitException.BAD_FEATURE, "can't count to " + to.get());
        });
        Command group = new Command("group <subcommand>", "More of it");
        global(group);
        return root.add(copy).add(count).add(group.add(new Command("inner", "Inside")));
    }

    private static Flag<String> global(Command command) {
        Flag<String> speed = command.global(command.flags().string("speed", "slow", "how fast"));
        command.flags().shorthand('s', speed);
        command.hide(command.global(command.flags().string("secret", "", "not shown")));
        return speed;
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new Runner(
                        tree(),
                        new Invocation(
                                List.of(args),
                                Map.of(),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8),
                                new CompletableFuture<>()))
                .run();
    }

    @Test
    void flagsStandWhereTheyLike() {
        assertThat(run("copy", "a", "b")).isZero();
        assertThat(run("-s", "fast", "copy", "a", "--loud", "b")).as("%s", err).isZero();
        assertThat(run("--speed=copy", "cop", "--secret", "x", "a", "b")).as("%s", err).isZero();
        assertThat(done)
                .containsExactly("[a, b] slow false", "[a, b] fast true", "[a, b] copy false");
    }

    @Test
    void aPrefixOfTwoCommandsIsNone() {
        assertThat(run("co", "a", "b")).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .isEqualTo(
                        """
                        Error: unknown command "co" for "tool"
                        Run 'tool --help' for usage.
                        Error: unknown command "co" for "tool"
                        """);
    }

    @Test
    void usageShowsFlagsOfItsOwnAndOfAll() {
        assertThat(run("copy", "-h")).isZero();
        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        """
                        Usage:
                          tool copy <from> <to> [flags]

                        Flags:
                          -h, --help   help for copy
                              --loud   Say it

                        Global Flags:
                          -s, --speed string   how fast (default "slow")
                        """);
    }

    @Test
    void usageShowsCommandsInOrder() {
        for (String[] words : new String[][] {{}, {"--help"}, {"help"}}) {
            assertThat(run(words)).isZero();
            assertThat(out.toString(UTF_8))
                    .isEqualTo(
                            """
                            Usage:
                              tool [command]

                            Available Commands:
                              copy        Copies
                              count       Counts
                              group       More of it
                              help        Help about any command

                            Flags:
                              -h, --help           help for tool
                              -s, --speed string   how fast (default "slow")

                            Use "tool [command] --help" for more information about a command.
                            """);
        }
    }

    @Test
    void whatIsMissingOrWrongIsSaidTwiceWithTheUsageBetween() {
        assertThat(run("copy", "a")).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .startsWith("Error: accepts 2 arg(s), received 1\nUsage:\n  tool copy")
                .endsWith("\n\nError: accepts 2 arg(s), received 1\n");
        assertThat(run("count")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("Error: required flag(s) \"to\" not set\n");
        assertThat(run("count", "--to=-1")).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .startsWith(
                        "Error: invalid argument \"-1\" for \"--to\" flag: strconv.ParseUint:"
                                + " parsing \"-1\": invalid syntax\n");
    }

    @Test
    void anActionEndsWithItsStatus() {
        assertThat(run("count", "--to", "3")).isEqualTo(4);
        assertThat(err.toString(UTF_8)).isEqualTo("Error: can't count to 3\n");
    }

    @Test
    void aGroupWithoutItsCommandShowsItsUsage() {
        assertThat(run("group", "nothing")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Usage:\n  tool group [command]\n");
    }
}
