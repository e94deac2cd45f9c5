package io.jarnetes.etcd.storage.membership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Members as JSON: in the backend, in conf changes, and between peers. */
public final class MemberJson {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private MemberJson() {}

    /** {@code {"id":1,"peerURLs":[…],"isLearner":true,"name":"…","clientURLs":[…]}}. */
    public static byte[] encode(Member member) {
        return bytes(fields(member).append('}'));
    }

    /** The context of a conf change that adds or promotes a member: the member and isPromote. */
    public static byte[] encodeContext(Member member, boolean promote) {
        return bytes(fields(member).append(",\"isPromote\":").append(promote).append('}'));
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static StringBuilder fields(Member member) {
        StringBuilder out = new StringBuilder();
        out.append("{\"id\":").append(Long.toUnsignedString(member.id())).append(',');
        raftAttributes(out, member);
        if (!member.name().isEmpty()) {
            GoJson.quote(out.append(",\"name\":"), member.name());
        }
        if (!member.clientUrls().isEmpty()) {
            GoJson.strings(out.append(",\"clientURLs\":"), member.clientUrls());
        }
        return out;
    }

    static void raftAttributes(StringBuilder out, Member member) {
        GoJson.strings(out.append("\"peerURLs\":"), member.peerUrls());
        if (member.learner()) {
            out.append(",\"isLearner\":true");
        }
    }

    /** The attributes alone, as 3.5's v2 store and its requests carry them. */
    static String attributes(Member member) {
        StringBuilder out = new StringBuilder("{");
        if (!member.name().isEmpty()) {
            GoJson.quote(out.append("\"name\":"), member.name());
        }
        if (!member.clientUrls().isEmpty()) {
            out.append(member.name().isEmpty() ? "" : ",").append("\"clientURLs\":");
            GoJson.strings(out, member.clientUrls());
        }
        return out.append('}').toString();
    }

    /**
     * Reads a member.
     *
     * @throws IllegalArgumentException when it is not a member's JSON
     */
    public static Member decode(byte[] json) {
        JsonNode tree = tree(json);
        return merge(new Member(tree.path("id").bigIntegerValue().longValue()), tree);
    }

    /** The member with the fields that {@code tree} has. */
    static Member merge(Member member, JsonNode tree) {
        return new Member(
                member.id(),
                tree.has("name") ? tree.path("name").asString("") : member.name(),
                tree.has("peerURLs") ? strings(tree.path("peerURLs")) : member.peerUrls(),
                tree.has("clientURLs") ? strings(tree.path("clientURLs")) : member.clientUrls(),
                tree.has("isLearner") ? tree.path("isLearner").asBoolean(false) : member.learner());
    }

    /** Whether a conf change's context says that it promotes. */
    public static boolean isPromote(byte[] json) {
        return tree(json).path("isPromote").asBoolean(false);
    }

    static JsonNode tree(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.isObject()) {
                throw new IllegalArgumentException(
                        "a member should be a JSON object, but is " + tree.getNodeType());
            }
            return tree;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a member should be JSON: " + e.getMessage(), e);
        }
    }

    private static List<String> strings(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : array) {
            texts.add(text.asString(""));
        }
        return texts;
    }
}
