package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** ServiceAccounts: a warning when they come to be held to the secrets that they name. */
final class ServiceAccountStrategy implements Strategy {

    private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";

    @Override
    public List<String> warnings(ObjectNode account, @Nullable ObjectNode old) {
        boolean had = old != null && Meta.annotations(old).containsKey(ENFORCE);
        return had || !Meta.annotations(account).containsKey(ENFORCE)
                ? List.of()
                : List.of(
                        "metadata.annotations["
                                + ENFORCE
                                + "]: deprecated in v1.32+; prefer separate namespaces to isolate"
                                + " access to mounted secrets");
    }
}
