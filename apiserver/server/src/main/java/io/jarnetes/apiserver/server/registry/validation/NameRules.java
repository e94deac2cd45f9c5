package io.jarnetes.apiserver.server.registry.validation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What names may look like ({@code k8s.io/apimachinery/pkg/util/validation}). Each rule answers
 * with upstream's complaints, none when all is well.
 */
public final class NameRules {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String LABEL_VALUE = "(" + QUALIFIED + ")?";
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035);
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern LABEL_VALUE_PATTERN = Pattern.compile(LABEL_VALUE);
    private static final Pattern CONFIG_KEY_PATTERN = Pattern.compile(CONFIG_KEY);
    private static final Pattern HTTP_PATH_PATTERN = Pattern.compile(HTTP_PATH);

    private static final int LABEL_LENGTH = 63;
    private static final int SUBDOMAIN_LENGTH = 253;

    private static final String QUALIFIED_WORDS =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                    + " an alphanumeric character";
    private static final String QUALIFIED_ERROR =
            regex(QUALIFIED_WORDS, QUALIFIED, "MyName", "my.name", "123-abc");

    private NameRules() {}

    public static List<String> dns1123Subdomain(String value) {
        return check(
                value,
                SUBDOMAIN_LENGTH,
                SUBDOMAIN_PATTERN,
                regex(
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                                + " characters, '-' or '.', and must start and end with an"
                                + " alphanumeric character",
                        SUBDOMAIN,
                        "example.com"));
    }

    /** A subdomain in which underscores are taken too. */
    public static List<String> underscoredSubdomain(String value) {
        String label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
        String expression = label + "(\\." + label + ")*";
        return check(
                value,
                SUBDOMAIN_LENGTH,
                Pattern.compile(expression),
                regex(
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                                + " characters, '_', '-' or '.', and must start and end with an"
                                + " alphanumeric character",
                        expression,
                        "example.com"));
    }

    public static List<String> dns1123Label(String value) {
        // Upstream says so of what would be a subdomain.
        if (value.contains(".") && SUBDOMAIN_PATTERN.matcher(value).matches()) {
            List<String> errors = new ArrayList<>();
            if (value.length() > LABEL_LENGTH) {
                errors.add(tooLong(LABEL_LENGTH));
            }
            errors.add("must not contain dots");
            return errors;
        }
        return check(
                value,
                LABEL_LENGTH,
                LABEL_PATTERN,
                regex(
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric"
                                + " characters or '-', and must start and end with an"
                                + " alphanumeric character",
                        LABEL,
                        "my-name",
                        "123-abc"));
    }

    public static List<String> dns1035Label(String value) {
        return check(
                value,
                LABEL_LENGTH,
                LABEL_1035_PATTERN,
                regex(
                        "a DNS-1035 label must consist of lower case alphanumeric characters or"
                                + " '-', start with an alphabetic character, and end with an"
                                + " alphanumeric character",
                        LABEL_1035,
                        "my-name",
                        "abc-123"));
    }

    /** What may stand in a path: no slash, no per cent, not dots alone. */
    public static List<String> pathSegment(String value, boolean prefix) {
        if (!prefix && (value.equals(".") || value.equals(".."))) {
            return List.of("may not be '" + value + "'");
        }
        List<String> errors = new ArrayList<>();
        for (String bad : List.of("/", "%")) {
            if (value.contains(bad)) {
                errors.add("may not contain '" + bad + "'");
            }
        }
        return errors;
    }

    /** A label's key: {@code [prefix/]name}. */
    public static List<String> qualifiedName(String value) {
        List<String> errors = new ArrayList<>();
        String[] parts = value.split("/", -1);
        String name = parts[parts.length - 1];
        if (parts.length > 2) {
            return List.of(
                    "a valid label key "
                            + QUALIFIED_ERROR
                            + " with an optional DNS subdomain prefix and '/' (e.g."
                            + " 'example.com/MyName')");
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                errors.add("prefix part must be non-empty");
            } else {
                dns1123Subdomain(parts[0])
                        .forEach(error ->
                                errors.add(
                                        "prefix part " + error.replaceAll("characters$", "bytes")));
            }
        }
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else if (name.length() > LABEL_LENGTH) {
            errors.add("name part " + tooManyBytes(LABEL_LENGTH));
        }
        if (!QUALIFIED_PATTERN.matcher(name).matches()) {
            errors.add("name part " + QUALIFIED_ERROR);
        }
        return errors;
    }

    /** The same for annotations, in which case does not matter. */
    public static List<String> annotationKey(String value) {
        return qualifiedName(value.toLowerCase(Locale.ROOT));
    }

    public static List<String> labelValue(String value) {
        List<String> errors =
                check(
                        value,
                        LABEL_LENGTH,
                        LABEL_VALUE_PATTERN,
                        regex(
                                "a valid label must be an empty string or consist of alphanumeric"
                                        + " characters, '-', '_' or '.', and must start and end with an"
                                        + " alphanumeric character",
                                LABEL_VALUE,
                                "MyValue",
                                "my_value",
                                "12345"));
        errors.replaceAll(
                error -> error.equals(tooLong(LABEL_LENGTH)) ? tooManyBytes(LABEL_LENGTH) : error);
        return errors;
    }

    /** A key of a ConfigMap's or a Secret's data. */
    public static List<String> configMapKey(String value) {
        List<String> errors =
                new ArrayList<>(
                        check(
                                value,
                                SUBDOMAIN_LENGTH,
                                CONFIG_KEY_PATTERN,
                                regex(
                                        "a valid config key must consist of alphanumeric"
                                                + " characters, '-', '_' or '.'",
                                        CONFIG_KEY,
                                        "key.name",
                                        "KEY_NAME",
                                        "key-name")));
        if (value.equals(".")) {
            errors.add("must not be '.'");
        } else if (value.equals("..")) {
            errors.add("must not be '..'");
        } else if (value.startsWith("..")) {
            errors.add("must not start with '..'");
        }
        return errors;
    }

    /** What stands behind the slash of a domain-prefixed path. */
    public static List<String> httpPath(String value) {
        return HTTP_PATH_PATTERN.matcher(value).matches()
                ? List.of()
                : List.of(regex("Invalid path", HTTP_PATH));
    }

    /** An IP address of either family, as old fields take it. */
    public static List<String> ip(String value) {
        if (IpAddress.bytes(value) != null) {
            return List.of();
        }
        return List.of(
                IpAddress.sloppy(value) != null
                        ? "must not have leading 0s"
                        : "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }

    /** A network of either family, as old fields take it. */
    public static List<String> cidr(String value) {
        return isCidr(value)
                ? List.of()
                : List.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }

    /** The same as new fields take it: the bits behind the prefix are zero. */
    public static List<String> strictCidr(String value) {
        int end = value.indexOf('/');
        boolean padded =
                end > 0
                        && IpAddress.bytes(value.substring(0, end)) == null
                        && IpAddress.sloppy(value.substring(0, end)) != null;
        if (padded) {
            return List.of("must not have leading 0s in IP or prefix length");
        }
        List<String> complaints = cidr(value);
        int slash = value.indexOf('/');
        byte[] address = slash < 0 ? null : IpAddress.bytes(value.substring(0, slash));
        if (!complaints.isEmpty() || address == null) {
            return complaints;
        }
        int zeros = address.length * 8 - Integer.parseInt(value.substring(slash + 1));
        boolean clean = new BigInteger(1, address).getLowestSetBit() >= zeros;
        return clean || new BigInteger(1, address).signum() == 0
                ? List.of()
                : List.of("must not have bits set beyond the prefix length");
    }

    private static boolean isCidr(String value) {
        int slash = value.indexOf('/');
        byte[] address = slash < 0 ? null : IpAddress.bytes(value.substring(0, slash));
        String length = value.substring(slash + 1);
        return address != null
                && length.matches("[0-9]{1,3}")
                && Integer.parseInt(length) <= address.length * 8;
    }

    /** {@code *.example.com}. */
    public static List<String> wildcardSubdomain(String value) {
        String expression = "\\*\\." + SUBDOMAIN;
        return check(
                value,
                SUBDOMAIN_LENGTH,
                Pattern.compile(expression),
                regex(
                        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid"
                                + " DNS subdomain, which must consist of lower case alphanumeric"
                                + " characters, '-' or '.' and end with an alphanumeric character",
                        expression,
                        "*.example.com"));
    }

    /** What a port may be called. */
    public static List<String> portName(String port) {
        List<String> errors = new ArrayList<>();
        if (port.length() > 15) {
            errors.add(tooLong(15));
        }
        if (!port.matches("[-a-z0-9]+")) {
            errors.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!port.matches(".*[a-z].*")) {
            errors.add("must contain at least one letter (a-z)");
        }
        if (port.contains("--")) {
            errors.add("must not contain consecutive hyphens");
        }
        if (port.startsWith("-") || port.endsWith("-")) {
            errors.add("must not begin or end with a hyphen");
        }
        return errors;
    }

    public static List<String> portNumber(long port) {
        return port >= 1 && port <= 65_535 ? List.of() : List.of(range(1, 65_535));
    }

    public static String range(long low, long high) {
        return "must be between " + low + " and " + high + ", inclusive";
    }

    /** The words with examples and the expression, as upstream strings them together. */
    public static String regex(String words, String expression, String... examples) {
        StringBuilder text = new StringBuilder(words).append(" (");
        for (int i = 0; i < examples.length; i++) {
            text.append(i == 0 ? "e.g. " : " or ").append('\'').append(examples[i]).append("', ");
        }
        return text.append("regex used for validation is '")
                .append(expression)
                .append("')")
                .toString();
    }

    private static List<String> check(
            String value, int maxLength, Pattern pattern, String complaint) {
        List<String> errors = new ArrayList<>();
        if (value.length() > maxLength) {
            errors.add(tooLong(maxLength));
        }
        if (!pattern.matcher(value).matches()) {
            errors.add(complaint);
        }
        return errors;
    }

    /** How upstream's newer rules say it: those of label keys and values. */
    private static String tooManyBytes(int length) {
        return "must be no more than " + length + " bytes";
    }

    private static String tooLong(int length) {
        return "must be no more than " + length + " characters";
    }
}
