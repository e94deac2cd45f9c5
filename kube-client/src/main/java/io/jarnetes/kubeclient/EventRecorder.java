package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes Events about objects, in the background and with no promise: when the queue of {@value
 * #QUEUE_LENGTH} is full, or the server refuses, an event is lost. Like events are counted up
 * instead of written again ({@link EventCorrelator}).
 */
public final class EventRecorder implements AutoCloseable {

    /** Which of the two Event APIs is written. */
    public enum Style {
        /** core/v1, with count and lastTimestamp; all controllers and kubelets. */
        CORE,
        /** events.k8s.io/v1, with a series; the scheduler. */
        EVENTS_V1
    }

    private static final int QUEUE_LENGTH = 1000;

    private record Occurrence(
            ObjectNode regarding, String type, String reason, String action, String message) {}

    private final ApiClient client;
    private final Style style;
    private final String component;
    private final String host;
    private final Clock clock;
    private final Log log;
    private final EventCorrelator correlator;
    private final BlockingQueue<Occurrence> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final Thread thread;

    /**
     * @param component who reports, such as {@code deployment-controller}
     * @param host the reporting node, or the instance; may be empty
     */
    public EventRecorder(
            ApiClient client, Style style, String component, String host, Clock clock, Log log) {
        this.client = client;
        this.style = style;
        this.component = component;
        this.host = host;
        this.clock = clock;
        this.log = log;
        this.correlator = new EventCorrelator(clock);
        this.thread = Thread.ofVirtual().name("events-" + component).start(this::write);
    }

    public void normal(KubeObject about, String reason, String message) {
        record(reference(about, ""), "Normal", reason, "", message);
    }

    public void warning(KubeObject about, String reason, String message) {
        record(reference(about, ""), "Warning", reason, "", message);
    }

    /**
     * @param regarding an ObjectReference
     * @param action what was done or tried; only events.k8s.io/v1 has it
     */
    public void record(
            ObjectNode regarding, String type, String reason, String action, String message) {
        if (!queue.offer(new Occurrence(regarding, type, reason, action, message))) {
            log.debug("Event lost, too many at once", "reason", reason, "message", message);
        }
    }

    /**
     * @param fieldPath such as {@code spec.containers{nginx}}; may be empty
     */
    public static ObjectNode reference(KubeObject about, String fieldPath) {
        ObjectNode reference = Json.object();
        reference.put("kind", about.kind());
        if (!about.namespace().isEmpty()) {
            reference.put("namespace", about.namespace());
        }
        reference.put("name", about.name());
        reference.put("uid", about.uid());
        reference.put("apiVersion", about.apiVersion());
        reference.put("resourceVersion", about.resourceVersion());
        if (!fieldPath.isEmpty()) {
            reference.put("fieldPath", fieldPath);
        }
        return reference;
    }

    private void write() {
        try {
            while (true) {
                one(queue.take());
            }
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(Occurrence occurrence) {
        EventCorrelator.Decision decision =
                correlator.observe(
                        component + "/" + host,
                        occurrence.regarding(),
                        occurrence.type(),
                        occurrence.reason(),
                        occurrence.message());
        if (decision.dropped()) {
            return;
        }
        try {
            if (decision.count() == 1 || !again(occurrence, decision)) {
                create(occurrence, decision);
            }
        } catch (ApiException e) {
            log.debug("Event rejected", "reason", occurrence.reason(), "err", e.getMessage());
        }
    }

    /** Counts an event up that is already written; false where it is gone. */
    private boolean again(Occurrence occurrence, EventCorrelator.Decision decision) {
        String name = decision.name();
        if (name == null) {
            return false;
        }
        String namespace = namespace(occurrence.regarding());
        try {
            if (style == Style.CORE) {
                client.patch(
                        Resource.EVENTS.path(namespace, name),
                        ApiClient.Patch.STRATEGIC,
                        Json.of(
                                "count", decision.count(),
                                "lastTimestamp", KubeObject.time(clock.instant()),
                                "message", decision.message()));
            } else {
                client.patch(
                        Resource.EVENTS_V1.path(namespace, name),
                        ApiClient.Patch.STRATEGIC,
                        Json.of(
                                "series",
                                Json.of(
                                        "count", decision.count(),
                                        "lastObservedTime",
                                                KubeObject.microTime(clock.instant()))));
            }
            return true;
        } catch (ApiException e) {
            if (e.notFound()) {
                return false;
            }
            throw e;
        }
    }

    private void create(Occurrence occurrence, EventCorrelator.Decision decision) {
        String namespace = namespace(occurrence.regarding());
        String name = name(Json.text(occurrence.regarding(), "name"));
        ObjectNode event =
                style == Style.CORE
                        ? core(occurrence, decision.message())
                        : v1(occurrence, decision.message());
        event.set("metadata", Json.of("name", name, "namespace", namespace));
        Resource resource = style == Style.CORE ? Resource.EVENTS : Resource.EVENTS_V1;
        client.create(resource, namespace, event);
        correlator.written(decision, name);
    }

    private ObjectNode core(Occurrence occurrence, String message) {
        String now = KubeObject.time(clock.instant());
        ObjectNode source = Json.of("component", component);
        if (!host.isEmpty()) {
            source.put("host", host);
        }
        return Json.of(
                "involvedObject", occurrence.regarding(),
                "reason", occurrence.reason(),
                "message", message,
                "source", source,
                "firstTimestamp", now,
                "lastTimestamp", now,
                "count", 1,
                "type", occurrence.type(),
                "reportingComponent", component,
                "reportingInstance", host);
    }

    private ObjectNode v1(Occurrence occurrence, String message) {
        return Json.of(
                "eventTime", KubeObject.microTime(clock.instant()),
                "reportingController", component,
                "reportingInstance", component + "-" + host,
                "action", occurrence.action(),
                "reason", occurrence.reason(),
                "regarding", occurrence.regarding(),
                "note", message,
                "type", occurrence.type());
    }

    private static String namespace(ObjectNode regarding) {
        String namespace = Json.text(regarding, "namespace");
        return namespace.isEmpty() ? "default" : namespace;
    }

    /** The object's name and the time in nanoseconds, in hexadecimal. */
    private String name(String about) {
        java.time.Instant now = clock.instant();
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        return about + "." + Long.toHexString(nanos);
    }

    /** Loses what is not written yet. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
