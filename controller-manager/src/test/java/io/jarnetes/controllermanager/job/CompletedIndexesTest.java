package io.jarnetes.controllermanager.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletedIndexesTest {

    @ParameterizedTest
    @CsvSource({"''", "'0'", "'0,1'", "'0-2'", "'0,1,3,5-7'", "'2,4-10,12'"})
    void areReadAndWrittenTheSame(String text) {
        assertThat(CompletedIndexes.text(CompletedIndexes.parse(text, 100))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"'0-2,5', '0 1 2 5'", "'9,10', '9 10'"})
    void standForEach(String text, String indexes) {
        Set<Integer> each =
                Arrays.stream(indexes.split(" "))
                        .map(Integer::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(CompletedIndexes.parse(text, 100)).isEqualTo(each);
    }

    @ParameterizedTest
    @CsvSource({"'0-9', 3, '0-2'", "'1,x,3-,2', 9, '1,2'", "'5', 5, ''"})
    void whatIsPastTheEndOrUnreadableIsLeftOut(String text, int completions, String left) {
        assertThat(CompletedIndexes.text(CompletedIndexes.parse(text, completions)))
                .isEqualTo(left);
    }
}
