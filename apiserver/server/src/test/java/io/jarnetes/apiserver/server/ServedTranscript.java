package io.jarnetes.apiserver.server;

import io.jarnetes.base.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A conversation with an API server: what was asked, kept as it is, and what was answered, written
 * anew.
 *
 * <pre>
 * &gt; METHOD PATH            a request; {NAME} stands for what was kept under that name
 * Header: value            User is the token's name (admin without one, - for no credentials)
 * keep NAME = /a/b         keeps a piece of the answer
 * show /a /b/0             only these pieces of the answer are written, or headers: show @Allow
 * until CODE               asks again until that is the status (what informers must see first)
 * body, the rest
 * &lt; CODE TYPE             the answer: a field of it a line, or text
 *   message: "…"
 * &gt; WATCH NAME PATH        begins a watch
 * &gt; EVENTS NAME COUNT      waits for so many of its events
 * </pre>
 */
final class ServedTranscript implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ServedClient client;
    private final ServedText text = new ServedText();
    private final Map<String, String> kept = new HashMap<>();
    private final Map<String, BufferedReader> watches = new HashMap<>();

    ServedTranscript(ServedClient client, String namespace) {
        this.client = client;
        kept.put("ns", namespace);
    }

    /** Plays all requests; gives the whole transcript with the answers of now. */
    List<String> replay(List<String> lines) throws Exception {
        prepare();
        List<String> written = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.startsWith("<") || line.startsWith("  ")) {
                at++;
                continue;
            }
            int end = at + 1;
            if (line.startsWith("> ")) {
                while (end < lines.size() && !lines.get(end).matches("([<>#] ?.*|\\s.*|)")) {
                    end++;
                }
                List<String> block = lines.subList(at, end);
                written.addAll(block);
                written.addAll(play(block));
            } else {
                written.add(line);
            }
            at = end;
        }
        return written;
    }

    /** The file's own namespace, with the account that a controller would make. */
    private void prepare() throws Exception {
        for (String[] each :
                new String[][] {
                    {"/api/v1/namespaces", kept.get("ns")},
                    {"/api/v1/namespaces/" + kept.get("ns") + "/serviceaccounts", "default"}
                }) {
            Map<String, String> headers =
                    Map.of(
                            "Authorization", "Bearer admin",
                            "Content-Type", "application/json");
            String body = "{\"metadata\":{\"name\":\"" + each[1] + "\"}}";
            Eventually.until(
                    each[0] + "/" + each[1],
                    () -> client.call("POST", each[0], headers, body).status() == 201);
        }
    }

    private List<String> play(List<String> block) throws Exception {
        String[] words = block.getFirst().substring(2).split(" ");
        return switch (words[0]) {
            case "WATCH" -> watch(words[1], block);
            case "EVENTS" -> events(words[1], Integer.parseInt(words[2]));
            default -> ask(words[0], block);
        };
    }

    private static final class Asked {
        final Map<String, String> headers = new LinkedHashMap<>();
        final List<String> show = new ArrayList<>();
        final Map<String, String> keep = new LinkedHashMap<>();
        int until;
        String body = "";
    }

    private Asked read(List<String> block) {
        Asked asked = new Asked();
        String user = "admin";
        List<String> body = new ArrayList<>();
        for (String raw : block.subList(1, block.size())) {
            String line = filled(raw);
            if (line.startsWith("show ")) {
                asked.show.addAll(List.of(line.substring(5).split(" ")));
            } else if (line.startsWith("keep ")) {
                asked.keep.put(line.split(" ")[1], line.split(" ")[3]);
            } else if (line.startsWith("until ")) {
                asked.until = Integer.parseInt(line.substring(6));
            } else if (line.startsWith("User: ")) {
                user = line.substring(6);
            } else if (line.matches("[A-Z][A-Za-z0-9-]*: .*")) {
                asked.headers.put(line.split(": ", 2)[0], line.split(": ", 2)[1]);
            } else {
                body.add(line);
            }
        }
        asked.body = String.join("\n", body);
        if (!user.equals("-")) {
            asked.headers.putIfAbsent("Authorization", "Bearer " + user);
        }
        if (!asked.body.isEmpty()) {
            asked.headers.putIfAbsent("Content-Type", "application/json");
        }
        return asked;
    }

    private String filled(String line) {
        String filled = line;
        for (Map.Entry<String, String> each : kept.entrySet()) {
            filled = filled.replace("{" + each.getKey() + "}", each.getValue());
        }
        return filled;
    }

    private List<String> ask(String method, List<String> block) throws Exception {
        Asked asked = read(block);
        String path = filled(block.getFirst().split(" ", 3)[2]);
        ServedClient.Reply[] reply = new ServedClient.Reply[1];
        Eventually.until(
                asked.until + " for " + path,
                () -> {
                    reply[0] = client.call(method, path, asked.headers, asked.body);
                    return asked.until == 0 || reply[0].status() == asked.until;
                });
        for (Map.Entry<String, String> each : asked.keep.entrySet()) {
            JsonNode found = MAPPER.readTree(reply[0].body()).at(each.getValue());
            kept.put(each.getKey(), found.asString(""));
        }
        List<String> lines = new ArrayList<>();
        lines.add("< " + reply[0].status() + " " + reply[0].type());
        text.show(reply[0], asked.show).forEach(line -> lines.add("  " + line));
        return lines;
    }

    private List<String> watch(String name, List<String> block)
            throws IOException, InterruptedException {
        String path = filled(block.getFirst().split(" ", 4)[3]);
        watches.put(name, client.lines(path, read(block).headers));
        return List.of();
    }

    private List<String> events(String name, int count) throws IOException {
        BufferedReader lines = Objects.requireNonNull(watches.get(name), name);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String line = lines.readLine();
            seen.add("  " + (line == null ? "(end)" : text.event(MAPPER.readTree(line))));
        }
        return seen;
    }

    @Override
    public void close() throws IOException {
        for (BufferedReader each : watches.values()) {
            each.close();
        }
    }
}
