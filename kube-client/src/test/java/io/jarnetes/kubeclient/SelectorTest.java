package io.jarnetes.kubeclient;

import static io.jarnetes.kubeclient.TestObjects.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.MissingNode;

class SelectorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'matchLabels': {'a': '1'}} | true",
                "{'matchLabels': {'a': '2'}} | false",
                "{'matchLabels': {'a': '1', 'c': 'x'}} | false",
                "{'matchExpressions': [{'key': 'a', 'operator': 'In', 'values': ['0', '1']}]} | true",
                "{'matchExpressions': [{'key': 'a', 'operator': 'NotIn', 'values': ['1']}]} | false",
                "{'matchExpressions': [{'key': 'x', 'operator': 'NotIn', 'values': ['1']}]} | true",
                "{'matchExpressions': [{'key': 'b', 'operator': 'Exists'}]} | true",
                "{'matchExpressions': [{'key': 'b', 'operator': 'DoesNotExist'}]} | false",
                "{'matchExpressions': [{'key': 'b', 'operator': 'Gt', 'values': ['4']}]} | true",
                "{'matchExpressions': [{'key': 'b', 'operator': 'Lt', 'values': ['4']}]} | false",
                "{'matchExpressions': [{'key': 'a', 'operator': 'Gt', 'values': ['x']}]} | false",
                "{} | true"
            })
    void selects(String selector, boolean matches) {
        String json = selector.strip().replaceAll("^\"|\"$", "");
        assertThat(Selector.of(tree(json)).matches(Map.of("a", "1", "b", "5"))).isEqualTo(matches);
    }

    @Test
    void isPrintedAsGoDoes() {
        assertThat(
                        Selector.goText(
                                tree(
                                        "{'matchLabels': {'b': '2', 'a': '1'}, 'matchExpressions':"
                                                + " [{'key': 'c', 'operator': 'In', 'values': ['3',"
                                                + " '4']}]}")))
                .isEqualTo(
                        "&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},"
                                + "MatchExpressions:[]LabelSelectorRequirement{"
                                + "LabelSelectorRequirement{Key:c,Operator:In,Values:[3 4],},},}");
    }

    @Test
    void aMissingSelectorMatchesNothing() {
        assertThat(Selector.of(MissingNode.getInstance()).matches(Map.of())).isFalse();
        assertThat(Selector.of(MissingNode.getInstance()).isEmpty()).isFalse();
    }
}
