package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Events: those of {@code v1}, and what {@code events.k8s.io} asks of its own beyond. */
final class EventRules {

    private static final int MAX_WORD = 128;
    private static final int MAX_NOTE = 1024;
    private static final int MIN_SERIES = 2;

    /** What an event of the newer kind leaves to the older. */
    private static final List<String> OLD_FIELDS =
            List.of("firstTimestamp", "lastTimestamp", "count", "source");

    /** What no later word changes, in upstream's order: the reason is asked about twice. */
    private static final List<String> FIXED =
            List.of(
                    "involvedObject",
                    "reason",
                    "message",
                    "source",
                    "firstTimestamp",
                    "lastTimestamp",
                    "count",
                    "reason",
                    "type",
                    "eventTime",
                    "action",
                    "related");

    private EventRules() {}

    static void event(Field event) {
        event(event, "reportingComponent");
    }

    static void newer(Field event) {
        event(event, "reportingController");
        series(event);
        if (!event.at("eventTime").set()) {
            event.at("eventTime").required("");
        }
        String type = event.at("type").text();
        if (!type.equals("Normal") && !type.equals("Warning")) {
            event.errors().invalid("type", "", "has invalid value: " + type);
        }
        for (String field : OLD_FIELDS) {
            Field old = event.at(field);
            boolean there =
                    old.value().isObject() ? !old.empty() : old.set() && !old.text().equals("0");
            if (there) {
                event.errors().invalid(field, "", "needs to be unset");
            }
        }
    }

    static void newerUpdate(Field event, JsonNode old) {
        event(event, "reportingController");
        if (!Meta.semanticallyEqual(event.at("series").value(), old.path("series"))) {
            series(event);
        }
        FIXED.forEach(field -> event.at(field).unchanged(old.path(field)));
        event.at("reportingComponent")
                .called("reportingController")
                .unchanged(old.path("reportingComponent"));
        event.at("reportingInstance").unchanged(old.path("reportingInstance"));
    }

    private static void series(Field event) {
        Field series = event.at("series");
        if (!series.set()) {
            return;
        }
        if (series.at("count").number() < MIN_SERIES) {
            event.errors().invalid("series.count", "", "should be at least " + MIN_SERIES);
        }
        if (!series.at("lastObservedTime").set()) {
            series.at("lastObservedTime").required("");
        }
    }

    /** What both kinds ask; an event with a time of its own is one of the newer. */
    private static void event(Field event, String controller) {
        Field namespace = event.at("involvedObject").at("namespace");
        String own = Meta.namespace((ObjectNode) event.value());
        boolean timed = event.at("eventTime").set();
        boolean nowhere =
                namespace.empty()
                        && (own.equals("default")
                                || (timed ? own.equals("kube-system") : own.isEmpty()));
        boolean elsewhere = timed ? namespace.empty() : !namespace.text().equals(own);
        if (elsewhere && !nowhere) {
            namespace
                    .errors()
                    .invalid(namespace.path(), namespace.text(), "does not match event.namespace");
        }
        if (timed) {
            Field reporter = event.at("reportingComponent").called(controller);
            reporter.needed();
            reporter.follows(NameRules::qualifiedName);
            word(event.at("reportingInstance"));
            word(event.at("action"));
            word(event.at("reason"));
            atMost(event.at("message"), MAX_NOTE);
        }
    }

    private static void word(Field word) {
        word.needed();
        atMost(word, MAX_WORD);
    }

    private static void atMost(Field text, int characters) {
        if (text.text().length() > characters) {
            text.errors()
                    .invalid(text.path(), "", "can have at most " + characters + " characters");
        }
    }
}
