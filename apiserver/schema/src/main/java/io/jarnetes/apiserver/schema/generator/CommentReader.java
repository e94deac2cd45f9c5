package io.jarnetes.apiserver.schema.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads upstream's comments, markers included, out of the Javadoc of protoc's Java sources. */
final class CommentReader {
    private static final Pattern INTERFACE = Pattern.compile("\\(interface_extends:([\\w.]+)\\)");
    private static final Pattern FIELD = Pattern.compile("<code>[^<]*? (\\w+) = (\\d+)");
    private static final Pattern TYPE = Pattern.compile("Protobuf type \\{@code ([\\w.]+)\\}");

    private final Map<String, Comments> found = new HashMap<>();

    /**
     * The comments of one message.
     *
     * @param type on the message itself
     * @param fields by field number
     */
    record Comments(List<String> type, Map<Integer, List<String>> fields) {
        static Comments none() {
            return new Comments(new ArrayList<>(), new HashMap<>());
        }
    }

    static Map<String, Comments> read(JarFile sources) throws IOException {
        CommentReader reader = new CommentReader();
        for (JarEntry entry : sources.stream().toList()) {
            if (entry.getName().endsWith(".java")) {
                reader.file(new String(sources.getInputStream(entry).readAllBytes(), UTF_8));
            }
        }
        return reader.found;
    }

    private void file(String text) {
        String message = "";
        List<String> block = new ArrayList<>();
        boolean inBlock = false;
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            if (stripped.equals("/**")) {
                block = new ArrayList<>();
                inBlock = true;
            } else if (inBlock && stripped.equals("*/")) {
                inBlock = false;
                take(message, block);
            } else if (inBlock) {
                block.add(afterStar(line));
            } else if (stripped.contains("interface_extends:")) {
                Matcher matcher = INTERFACE.matcher(stripped);
                message = matcher.find() ? matcher.group(1) : "";
            }
        }
    }

    /** A Javadoc line without its star; the rest keeps its indentation. */
    private static String afterStar(String line) {
        int star = line.indexOf("* ");
        return star < 0 ? "" : line.substring(star + 2);
    }

    private void take(String message, List<String> block) {
        List<String> comment = new ArrayList<>();
        boolean inPre = false;
        for (String line : block) {
            if (line.equals("<pre>")) {
                inPre = true;
            } else if (line.equals("</pre>")) {
                inPre = false;
            } else if (inPre) {
                comment.add(unescape(line));
            }
        }
        String last = String.join(" ", block.subList(Math.max(0, block.size() - 3), block.size()));
        Matcher type = TYPE.matcher(last);
        Matcher field = FIELD.matcher(last);
        if (type.find()) {
            List<String> of = comments(type.group(1)).type();
            if (of.isEmpty()) {
                of.addAll(comment);
            }
        } else if (field.find()) {
            int number = Integer.parseInt(field.group(2));
            comments(message).fields().putIfAbsent(number, comment);
        }
    }

    private Comments comments(String message) {
        return found.computeIfAbsent(message, m -> Comments.none());
    }

    private static String unescape(String line) {
        return line.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#64;", "@")
                .replace("&#42;", "*")
                .replace("&#47;", "/")
                .replace("&#92;", "\\")
                .replace("&amp;", "&");
    }
}
