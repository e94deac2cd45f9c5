package io.jarnetes.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a program's log says last of what went wrong, without the log's own frame: for a sentence to
 * a person.
 */
final class LastWords {

    /** klog's header: level, date, time, process, place. */
    private static final Pattern KLOG = Pattern.compile("[IWEF]\\d{4} \\S+ +\\d+ \\S+] (.*)");

    /** An error in klog's or in zap's words. */
    private static final Pattern ERROR =
            Pattern.compile("[EF]\\d{4} .*|\\{\"level\":\"(error|fatal|panic)\".*");

    private LastWords() {}

    /** The last error's message, else the last line's; empty where nothing was logged. */
    static String of(Path log) {
        String last = "";
        String error = "";
        try (Stream<String> lines = Files.lines(log)) {
            for (String line : (Iterable<String>) lines.filter(text -> !text.isBlank())::iterator) {
                last = line;
                error = ERROR.matcher(line).matches() ? line : error;
            }
        } catch (IOException e) {
            return "";
        }
        return message(error.isEmpty() ? last : error);
    }

    static String message(String line) {
        if (line.startsWith("{")) {
            return zap(line);
        }
        Matcher klog = KLOG.matcher(line.strip());
        return klog.matches() ? klog.group(1) : line.strip();
    }

    private static String zap(String line) {
        try {
            JsonNode entry = new JsonMapper().readTree(line);
            String message = entry.path("msg").asString("");
            String error = entry.path("error").asString("");
            return error.isEmpty() ? message : message + ": " + error;
        } catch (JacksonException e) {
            return line.strip();
        }
    }
}
