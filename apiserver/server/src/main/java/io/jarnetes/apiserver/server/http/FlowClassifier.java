package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.authorization.Attributes;
import java.util.Optional;

/** Which FlowSchema a request belongs to (API priority and fairness). */
@FunctionalInterface
public interface FlowClassifier {

    /** UIDs for the answer's headers. */
    record Flow(String flowSchemaUid, String priorityLevelUid) {}

    /** Empty while the configuration isn't there yet. */
    Optional<Flow> classify(Attributes attributes);

    /** No configuration at all. */
    FlowClassifier NONE = attributes -> Optional.empty();
}
