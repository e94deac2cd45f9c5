package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.authorization.PolicyRule;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;

/** Parts of the bootstrap policy that others need. */
public final class BootstrapPolicy {

    private BootstrapPolicy() {}

    /** What every node may do: the rules of ClusterRole {@code system:node}. */
    public static List<PolicyRule> nodeRules() {
        return PolicyText.read().stream()
                .filter(object -> Trees.text(object, "kind").equals("ClusterRole"))
                .filter(object -> Trees.name(object).equals("system:node"))
                .findFirst()
                .map(PolicyRule::rulesOf)
                .orElseThrow(() -> new IllegalStateException("rbac.txt lacks system:node"));
    }
}
