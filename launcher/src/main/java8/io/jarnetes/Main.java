package io.jarnetes;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's first class. It runs on Java 8 and newer, so that an older Java is told in one sentence
 * what is missing, and hands over to {@code io.jarnetes.launcher.Launcher}.
 */
public final class Main {

    private static final int NEEDED = 25;

    private Main() {}

    public static void main(String[] args) throws Exception {
        String refusal =
                refusal(
                        System.getProperty("java.specification.version", "0"),
                        System.getProperty("java.home"));
        if (!refusal.isEmpty()) {
            System.err.println(refusal);
            System.exit(1);
        }
        try {
            Class.forName("io.jarnetes.launcher.Launcher")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception) {
                throw (Exception) e.getCause();
            }
            throw e;
        }
    }

    /**
     * What to tell a Java that is too old; empty for one that isn't.
     *
     * @param version 1.8, 11, 25
     * @param home where that Java is
     */
    public static String refusal(String version, String home) {
        int found = Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
        return found >= NEEDED
                ? ""
                : "jarnetes needs Java " + NEEDED + " or newer, and this is Java " + found
                        + " (" + home + "): install a newer one, or point JAVA_HOME at it.";
    }
}
