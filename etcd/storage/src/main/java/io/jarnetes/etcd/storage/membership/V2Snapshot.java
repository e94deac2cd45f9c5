package io.jarnetes.etcd.storage.membership;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a .snap file says of the membership: the JSON of etcd's v2 store. 3.5 takes the members from
 * it at start, 3.6 only parses it.
 *
 * @param members the members, by id
 * @param removed the ids of removed members
 * @param version the cluster's version, or null
 */
public record V2Snapshot(List<Member> members, Set<Long> removed, @Nullable String version) {
    private static final String MEMBERS = "/0/members";
    private static final String REMOVED = "/0/removed_members";
    private static final String VERSION = "/0/version";
    private static final String KEYS = "/1";

    // 3.5 goes on with the history that it reads, as a ring of this size: it must have all places.
    private static final int EVENT_HISTORY_CAPACITY = 1000;

    /** The membership alone, sorted. */
    public static V2Snapshot of(
            Collection<Member> members, Collection<Long> removed, @Nullable String version) {
        List<Member> sorted =
                members.stream()
                        .sorted(Comparator.comparing(Member::id, Long::compareUnsigned))
                        .toList();
        return new V2Snapshot(sorted, Set.copyOf(removed), version);
    }

    /** The v2 store's JSON. */
    public byte[] encode() {
        Nodes nodes = new Nodes();
        for (Member member : members) {
            StringBuilder raft = new StringBuilder("{");
            MemberJson.raftAttributes(raft, member);
            String path = MEMBERS + "/" + Long.toHexString(member.id());
            nodes.put(path + "/raftAttributes", raft.append('}').toString());
            if (member.started()) {
                nodes.put(path + "/attributes", MemberJson.attributes(member));
            }
        }
        for (long id : new TreeSet<>(removed)) {
            nodes.put(REMOVED + "/" + Long.toHexString(id), "");
        }
        if (version != null) {
            nodes.put(VERSION, version);
        }
        StringBuilder out = new StringBuilder("{\"Root\":");
        nodes.root.write(out);
        appendRest(out, nodes.index);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void appendRest(StringBuilder out, long index) {
        out.append(",\"WatcherHub\":{\"EventHistory\":{\"Queue\":{\"Events\":[null");
        out.repeat(",null", EVENT_HISTORY_CAPACITY - 1);
        out.append("],\"Size\":0,\"Front\":0,\"Back\":0,\"Capacity\":")
                .append(EVENT_HISTORY_CAPACITY)
                .append("},\"StartIndex\":0,\"LastIndex\":0}},\"CurrentIndex\":")
                .append(index)
                .append(",\"Stats\":{},\"CurrentVersion\":2}");
    }

    /**
     * Reads the v2 store's JSON.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static V2Snapshot decode(byte[] json) {
        JsonNode root = MemberJson.tree(json).path("Root");
        Map<Long, Member> members = new TreeMap<>(Long::compareUnsigned);
        children(root, MEMBERS)
                .forEach((name, node) -> {
                    long id = Long.parseUnsignedLong(name, 16);
                    members.put(id, decodeMember(id, node));
                });
        Set<Long> removed = new TreeSet<>();
        children(root, REMOVED)
                .forEach((name, node) -> removed.add(Long.parseUnsignedLong(name, 16)));
        String version = find(root, VERSION).path("Value").asString("");
        return of(members.values(), removed, version.isEmpty() ? null : version);
    }

    /** Whether the v2 store's JSON has keys of clients (below {@code /1}). */
    public static boolean holdsKeys(byte[] json) {
        return !children(MemberJson.tree(json).path("Root"), KEYS).isEmpty();
    }

    private static Member decodeMember(long id, JsonNode node) {
        Member member = new Member(id);
        for (String part : List.of("raftAttributes", "attributes")) {
            String text = node.path("Children").path(part).path("Value").asString("");
            if (!text.isEmpty()) {
                member =
                        MemberJson.merge(
                                member, MemberJson.tree(text.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return member;
    }

    private static JsonNode find(JsonNode root, String path) {
        JsonNode node = root;
        for (String name : path.substring(1).split("/", -1)) {
            node = node.path("Children").path(name);
        }
        return node;
    }

    private static Map<String, JsonNode> children(JsonNode root, String path) {
        Map<String, JsonNode> found = new TreeMap<>();
        find(root, path).path("Children").forEachEntry(found::put);
        return found;
    }

    /** The tree of the store; each value raises the index, as its creation did. */
    private static final class Nodes {
        private final Node root = new Node("/", "", 0, true);
        private long index;

        Nodes() {
            root.children.put("0", new Node("/0", "", 0, true));
            root.children.put("1", new Node("/1", "", 0, true));
        }

        void put(String path, String value) {
            index++;
            Node node = root;
            String[] names = path.substring(1).split("/", -1);
            StringBuilder at = new StringBuilder();
            for (int i = 0; i < names.length; i++) {
                String here = at.append('/').append(names[i]).toString();
                boolean last = i == names.length - 1;
                node =
                        node.children.computeIfAbsent(
                                names[i], name -> new Node(here, last ? value : "", index, !last));
            }
        }
    }

    private record Node(
            String path, String value, long index, boolean directory, Map<String, Node> children) {
        Node(String path, String value, long index, boolean directory) {
            this(path, value, index, directory, new TreeMap<>());
        }

        void write(StringBuilder out) {
            GoJson.quote(out.append("{\"Path\":"), path);
            out.append(",\"CreatedIndex\":").append(index);
            out.append(",\"ModifiedIndex\":").append(index);
            out.append(",\"ExpireTime\":\"0001-01-01T00:00:00Z\",\"Value\":");
            GoJson.quote(out, value);
            out.append(",\"Children\":");
            if (!directory) {
                out.append("null}");
                return;
            }
            String before = "{";
            for (Map.Entry<String, Node> child : children.entrySet()) {
                GoJson.quote(out.append(before), child.getKey());
                child.getValue().write(out.append(':'));
                before = ",";
            }
            out.append(children.isEmpty() ? "{}}" : "}}");
        }
    }
}
