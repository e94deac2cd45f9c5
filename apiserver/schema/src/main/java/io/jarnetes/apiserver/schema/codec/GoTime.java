package io.jarnetes.apiserver.schema.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as Kubernetes writes them: RFC 3339, UTC, in whole seconds or in microseconds. */
public final class GoTime {
    private static final String LAYOUT = "2006-01-02T15:04:05Z07:00";
    private static final String MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** The parts in the order in which Go looks at them, each with its layout's text. */
    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{4})-(\\d{2})-(\\d{2})T(\\d{2}):(\\d{2}):(\\d{2})(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})");

    private GoTime() {}

    /** {@code metav1.Time}. */
    public static String seconds(Instant time) {
        return SECONDS.format(time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** {@code metav1.MicroTime}. */
    public static String micros(Instant time) {
        return MICROS.format(time.truncatedTo(ChronoUnit.MICROS));
    }

    /**
     * Reads what Go's {@code time.Parse(time.RFC3339, text)} reads.
     *
     * @throws DecodeException with Go's text
     */
    public static Instant parse(String text) throws DecodeException {
        return parse(text, LAYOUT);
    }

    static Instant parseMicro(String text) throws DecodeException {
        Instant time = parse(text, MICRO_LAYOUT);
        int dot = text.indexOf('.');
        int end = dot + 1;
        while (dot >= 0 && end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        if (dot < 0 || end - dot != ".000000".length()) {
            String rest = text.substring(dot < 0 ? "2006-01-02T15:04:05".length() : dot);
            throw new DecodeException(
                    failure(text, MICRO_LAYOUT) + "cannot parse \"" + rest + "\" as \".000000\"");
        }
        return time;
    }

    private static Instant parse(String text, String layout) throws DecodeException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new DecodeException(failure(text, layout) + mismatch(text));
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new DecodeException(
                    failure(text, layout).replaceFirst(" as .*", "") + range(matcher));
        }
    }

    private static String failure(String text, String layout) {
        return "parsing time \"" + text + "\" as \"" + layout + "\": ";
    }

    /** Go names the first part of its layout that the text does not match. */
    private static String mismatch(String text) {
        String[] layout = {"2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05"};
        int at = 0;
        for (String part : layout) {
            String there = text.substring(at, Math.min(text.length(), at + part.length()));
            boolean digits = Character.isDigit(part.charAt(0));
            boolean fits =
                    there.length() == part.length()
                            && (digits
                                    ? there.chars().allMatch(Character::isDigit)
                                    : there.equals(part));
            if (!fits) {
                return "cannot parse \"" + text.substring(at) + "\" as \"" + part + "\"";
            }
            at += part.length();
        }
        return "cannot parse \"" + text.substring(at) + "\" as \"Z07:00\"";
    }

    private static String range(Matcher matcher) {
        int month = Integer.parseInt(matcher.group(2));
        int hour = Integer.parseInt(matcher.group(4));
        int minute = Integer.parseInt(matcher.group(5));
        if (month < 1 || month > 12) {
            return ": month out of range";
        }
        if (hour > 23) {
            return ": hour out of range";
        }
        return minute > 59 ? ": minute out of range" : ": day out of range";
    }
}
