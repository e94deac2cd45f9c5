package io.jarnetes.etcd.ctl.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What our etcdutl says, beside upstream's 3.6: usage, errors, exit status. */
@Tag("exchange")
class EtcdutlTextsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "help",
                "help snapshot status",
                "help nothing",
                "version",
                "version --help",
                "ver",
                "nothing",
                "--nothing",
                "-z",
                "-w json version",
                "snapshot",
                "snapshot nothing",
                "snapshot restore --help",
                "snapshot status",
                "snapshot status nothing",
                "snapshot status a b",
                "snapshot restore",
                "snapshot restore nothing --data-dir {}",
                "snapshot restore nothing --bump-revision=-1",
                "snapshot restore nothing --bump-revision=99999999999999999999",
                "snapshot restore nothing --bump-revision",
                "snapshot restore nothing --bump-revision=1",
                "snapshot restore nothing --mark-compacted",
                "snapshot restore nothing --mark-compacted=nothing",
                "snapshot restore nothing --data-dir {} --name other",
                "snapshot restore nothing --data-dir {} --initial-cluster default",
                "snapshot restore nothing --data-dir {} --initial-cluster default=http://a:1/b",
                "snapshot restore nothing --data-dir {} --initial-cluster default=ftp://a:1",
                "snapshot restore nothing --data-dir {} --initial-cluster"
                        + " default=http://127.0.0.1:2",
                "snap stat -h",
                "hashkv",
                "hashkv --help",
                "hashkv nothing",
                "hashkv nothing -w nothing",
                "defrag",
                "defrag --help",
                "defrag --data-dir nothing",
                "migrate --help",
                "migrate",
                "migrate --data-dir nothing --target-version 3",
                "migrate --data-dir nothing --target-version 3.4",
                "migrate --data-dir nothing --target-version 3.6",
            })
    void textsAreUpstreams(String words) {
        String[] args =
                words.isEmpty()
                        ? new String[0]
                        : words.replace("{}", folder.resolve("out").toString()).split(" ");
        Tool theirs = Tool.theirs("3.6", "etcdutl", args);
        Tool ours = Tool.ours(args);
        assertThat(withoutCheck(ours.err())).isEqualTo(theirs.err());
        assertThat(withoutCheck(ours.out())).isEqualTo(theirs.out());
        assertThat(ours.status()).isEqualTo(theirs.status());
    }

    /** The one command that is only ours. */
    private static String withoutCheck(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("  check "))
                .map(line -> line + "\n")
                .collect(Collectors.joining())
                .replaceFirst("\n$", text.endsWith("\n") ? "\n" : "");
    }
}
