package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bootstrap policy, written short in {@code rbac.txt}.
 *
 * <p>A line {@code # Kind} begins the objects of a kind. An object is a line with its name (behind
 * its namespace, for Role and RoleBinding) and indented lines with its rules or subjects. A role's
 * name may be followed by {@code {labels}} and {@code aggregates label}, both short for {@code
 * rbac.authorization.k8s.io/…: "true"}; a binding's by {@code -> Kind name}. A rule is {@code
 * [group,…] resource … {resourceName …} = verbs} or {@code URL path … = verbs}; {@code core} is the
 * empty group; verbs are letters (g get, l list, w watch, c create, u update, p patch, d delete, D
 * deletecollection), words, or letters and words with a plus between.
 *
 * <p>Each controller's ClusterRole {@code system:controller:WORD} has a binding to the service
 * account {@code kube-system/WORD}, which isn't written down.
 */
final class PolicyText {

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String CONTROLLER = "system:controller:";
    private static final Map<Character, String> VERBS =
            Map.of(
                    'g',
                    "get",
                    'l',
                    "list",
                    'w',
                    "watch",
                    'c',
                    "create",
                    'u',
                    "update",
                    'p',
                    "patch",
                    'd',
                    "delete",
                    'D',
                    "deletecollection");

    private final List<ObjectNode> objects = new ArrayList<>();
    private String kind = "";
    private ObjectNode current = Trees.object();

    private PolicyText() {}

    /** All objects, without status, resourceVersion and times. */
    static List<ObjectNode> read() {
        try (InputStream in = PolicyText.class.getResourceAsStream("rbac.txt")) {
            if (in == null) {
                throw new IllegalStateException("rbac.txt is missing from the jar");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<ObjectNode> parse(String text) {
        PolicyText parser = new PolicyText();
        text.lines().skip(1).filter(line -> !line.isBlank()).forEach(parser::line);
        parser.controllerBindings();
        return parser.objects;
    }

    private void line(String line) {
        if (line.startsWith("# ")) {
            kind = line.substring(2);
        } else if (!line.startsWith(" ")) {
            begin(line);
        } else if (kind.endsWith("Binding")) {
            subject(line.strip());
        } else {
            rule(line.strip());
        }
    }

    private void begin(String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
        String namespace = kind.startsWith("Cluster") ? "" : words.removeFirst();
        String name = words.removeFirst();
        current = object(kind, namespace, name);
        objects.add(current);
        while (!words.isEmpty()) {
            String word = words.removeFirst();
            if (word.equals("->")) {
                roleRef(words.removeFirst(), words.removeFirst());
            } else if (word.equals("aggregates")) {
                Trees.child(current, "aggregationRule")
                        .putArray("clusterRoleSelectors")
                        .addObject()
                        .putObject("matchLabels")
                        .put(GROUP + "/" + words.removeFirst(), "true");
            } else {
                String label = word.replace("{", "").replace("}", "");
                Trees.child(Trees.child(current, "metadata"), "labels")
                        .put(GROUP + "/" + label, "true");
            }
        }
        if (!kind.endsWith("Binding")) {
            // Aggregated roles are stored with null until their controller fills them in.
            if (current.has("aggregationRule")) {
                current.putNull("rules");
            } else {
                current.putArray("rules");
            }
        }
    }

    private static ObjectNode object(String kind, String namespace, String name) {
        ObjectNode object = Trees.object();
        object.put("apiVersion", GROUP + "/v1").put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations")
                .put("rbac.authorization.kubernetes.io/autoupdate", "true");
        return object;
    }

    private void roleRef(String roleKind, String name) {
        current.putObject("roleRef").put("apiGroup", GROUP).put("kind", roleKind).put("name", name);
    }

    private void subject(String line) {
        String[] words = line.split(" ");
        ObjectNode subject = Trees.children(current, "subjects").addObject();
        switch (words[0]) {
            case "serviceaccount" -> {
                String[] account = words[1].split("/");
                subject.put("kind", "ServiceAccount")
                        .put("name", account[1])
                        .put("namespace", account[0]);
            }
            case "user" -> subject.put("apiGroup", GROUP).put("kind", "User").put("name", words[1]);
            case "group" ->
                    subject.put("apiGroup", GROUP).put("kind", "Group").put("name", words[1]);
            default -> throw new IllegalArgumentException("no such subject: " + line);
        }
    }

    private void rule(String line) {
        int equals = line.lastIndexOf(" = ");
        List<String> words = new ArrayList<>(Arrays.asList(line.substring(0, equals).split(" ")));
        ObjectNode rule = Trees.children(current, "rules").addObject();
        verbs(rule.putArray("verbs"), line.substring(equals + 3));
        String first = words.removeFirst();
        if (first.equals("URL")) {
            addAll(rule.putArray("nonResourceURLs"), words);
            return;
        }
        ArrayNode groups = rule.putArray("apiGroups");
        for (String group : first.substring(1, first.length() - 1).split(",")) {
            groups.add(group.equals("core") ? "" : group);
        }
        int brace = 0;
        while (brace < words.size() && !words.get(brace).startsWith("{")) {
            brace++;
        }
        addAll(rule.putArray("resources"), words.subList(0, brace));
        if (brace < words.size()) {
            String names = String.join(" ", words.subList(brace, words.size()));
            addAll(
                    rule.putArray("resourceNames"),
                    List.of(names.substring(1, names.length() - 1).split(" ")));
        }
    }

    private static void addAll(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static void verbs(ArrayNode verbs, String text) {
        TreeSet<String> sorted = new TreeSet<>();
        for (String part : text.split("\\+")) {
            boolean letters = part.chars().allMatch(c -> VERBS.containsKey((char) c));
            if (letters) {
                part.chars().forEach(c -> sorted.add(String.valueOf(VERBS.get((char) c))));
            } else {
                sorted.add(part);
            }
        }
        sorted.forEach(verbs::add);
    }

    private void controllerBindings() {
        List<String> names =
                objects.stream()
                        .filter(object -> Trees.text(object, "kind").equals("ClusterRole"))
                        .map(Trees::name)
                        .filter(name -> name.startsWith(CONTROLLER))
                        .toList();
        for (String name : names) {
            current = object("ClusterRoleBinding", "", name);
            roleRef("ClusterRole", name);
            subject("serviceaccount kube-system/" + name.substring(CONTROLLER.length()));
            objects.add(current);
        }
    }
}
