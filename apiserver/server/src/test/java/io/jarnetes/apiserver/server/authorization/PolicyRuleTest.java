package io.jarnetes.apiserver.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What rules allow, against every question there is in a small world. The one who may hand out a
 * rule because he holds others must be allowed, by those, whatever the rule allows.
 */
class PolicyRuleTest {

    private static final List<String> VERBS = List.of("get", "list", "delete");
    private static final List<String> GROUPS = List.of("", "apps");
    private static final List<String> RESOURCES = List.of("pods", "pods/log", "jobs/scale", "jobs");
    private static final List<String> NAMES = List.of("", "x", "y");
    private static final List<String> PATHS = List.of("/", "/healthz", "/healthz/etcd", "/metrics");
    private static final UserInfo BOB = new UserInfo("bob", List.of());
    private static final List<Attributes> QUESTIONS = questions();

    private static List<Attributes> questions() {
        List<Attributes> all = new ArrayList<>();
        for (String verb : VERBS) {
            PATHS.forEach(path -> all.add(Attributes.path(BOB, verb, path)));
            for (String group : GROUPS) {
                for (String resource : RESOURCES) {
                    String[] words = (resource + "/").split("/", -1);
                    for (String name : NAMES) {
                        all.add(
                                Attributes.resource(
                                        BOB, verb, group, "v1", words[0], words[1], "ns", name));
                    }
                }
            }
        }
        return all;
    }

    private static List<String> some(Random random, String... from) {
        List<String> some = new ArrayList<>();
        for (String each : from) {
            if (random.nextInt(3) == 0) {
                some.add(each);
            }
        }
        return some;
    }

    private static PolicyRule rule(Random random) {
        List<String> verbs = some(random, "get", "list", "delete", "*");
        return random.nextInt(4) == 0
                ? new PolicyRule(
                        verbs,
                        List.of(),
                        List.of(),
                        List.of(),
                        some(random, "/", "/healthz", "/healthz/*", "/h*", "*"))
                : new PolicyRule(
                        verbs,
                        some(random, "", "apps", "*"),
                        some(random, "pods", "pods/log", "jobs", "jobs/scale", "*/scale", "*"),
                        random.nextBoolean() ? List.of() : some(random, "x", "y"),
                        List.of());
    }

    private static boolean allowed(List<PolicyRule> rules, Attributes asked) {
        return rules.stream().anyMatch(each -> each.allows(asked));
    }

    /** Word for word as the API's documentation says it. */
    private static boolean plainly(PolicyRule rule, Attributes asked) {
        boolean verb = rule.verbs().contains("*") || rule.verbs().contains(asked.verb());
        if (!asked.resourceRequest()) {
            return verb
                    && rule.nonResourceUrls().stream()
                            .anyMatch(url ->
                                    url.endsWith("*")
                                            ? asked.path()
                                                    .startsWith(url.substring(0, url.length() - 1))
                                            : asked.path().equals(url));
        }
        String resource =
                asked.subresource().isEmpty()
                        ? asked.resource()
                        : asked.resource() + "/" + asked.subresource();
        return verb
                && (rule.apiGroups().contains("*") || rule.apiGroups().contains(asked.apiGroup()))
                && (rule.resources().contains("*")
                        || rule.resources().contains(resource)
                        || (!asked.subresource().isEmpty()
                                && rule.resources().contains("*/" + asked.subresource())))
                && (rule.resourceNames().isEmpty() || rule.resourceNames().contains(asked.name()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRuleAllowsWhatItSaysAndItsPartsTheSame(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            PolicyRule rule = rule(random);
            List<PolicyRule> parts = rule.breakdown();
            for (Attributes asked : QUESTIONS) {
                assertThat(rule.allows(asked))
                        .as("seed %s: %s for %s", seed, rule.compact(), asked)
                        .isEqualTo(plainly(rule, asked))
                        .isEqualTo(allowed(parts, asked));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void whatIsCoveredAllowsNothingMore(long seed) {
        Random random = new Random(seed);
        int covered = 0;
        for (int i = 0; i < 2_000; i++) {
            List<PolicyRule> held = List.of(rule(random), rule(random), rule(random));
            List<PolicyRule> parts = rule(random).breakdown();
            boolean mayHandOut =
                    parts.stream()
                            .allMatch(part -> held.stream().anyMatch(each -> each.covers(part)));
            if (mayHandOut && !parts.isEmpty()) {
                covered++;
                for (Attributes asked : QUESTIONS) {
                    assertThat(!allowed(parts, asked) || allowed(held, asked))
                            .as("seed %s: %s by %s, %s", seed, parts, held, asked)
                            .isTrue();
                }
            }
        }
        assertThat(covered).as("rules that could be handed out").isGreaterThan(20);
    }
}
