package io.jarnetes.apiserver.server;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.log.KlogLog;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.tls.TlsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The program {@code kube-apiserver}. */
public final class KubeApiserver implements Program {

    @Override
    public String name() {
        return "kube-apiserver";
    }

    @Override
    public int run(Invocation invocation) throws InterruptedException {
        ApiServerFlags flags = new ApiServerFlags();
        try {
            flags.parse(invocation.args());
        } catch (FlagException e) {
            invocation.err().println("Error: " + e.getMessage());
            return 1;
        }
        if (flags.versionAsked()) {
            invocation.out().println("Kubernetes " + ServerVersion.GIT_VERSION);
            return 0;
        }
        if (flags.helpAsked()) {
            invocation.out().print(help(flags));
            return 0;
        }
        if (!flags.positional().isEmpty()) {
            invocation
                    .err()
                    .println(
                            "Error: \"kube-apiserver\" does not take any arguments, got [\""
                                    + String.join("\" \"", flags.positional())
                                    + "\"]");
            return 1;
        }
        Log log = new KlogLog(invocation.err(), flags.jsonLogs(), flags.verbosity(), "server.go:1");
        return serve(invocation, flags, log);
    }

    private static String help(ApiServerFlags flags) {
        return """
        The Kubernetes API server validates and configures data for the api objects which \
        include pods, services, replicationcontrollers, and others.

        Usage:
          kube-apiserver [flags]

        Flags:
        """
                + flags.usage();
    }

    private static int serve(Invocation invocation, ApiServerFlags flags, Log log)
            throws InterruptedException {
        if (flags.noServiceRange()) {
            log.warn(
                    "No CIDR for service cluster IPs specified. Default value which was"
                            + " 10.0.0.0/24 is deprecated and will be removed in future releases."
                            + " Please specify it using --service-cluster-ip-range on"
                            + " kube-apiserver.");
        }
        if (flags.alwaysAllowWithAnonymous()) {
            log.warn(
                    "AnonymousAuth is not allowed with the AlwaysAllow authorizer. Resetting"
                            + " AnonymousAuth to false. You should use a different authorizer");
        }
        log.info("Version: " + ServerVersion.GIT_VERSION);
        try (ApiServer server = ApiServer.start(flags.config(), log, invocation.stop())) {
            invocation.stop().join();
            log.info("[graceful-termination] shutdown event");
        } catch (InterruptedIOException e) {
            log.info("[graceful-termination] " + e.getMessage());
        } catch (IllegalArgumentException | TlsException | IOException e) {
            log.error("command failed", "err", message(e));
            return 1;
        }
        return 0;
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case NoSuchFileException e -> "open " + e.getFile() + ": no such file or directory";
            case AccessDeniedException e -> "open " + e.getFile() + ": permission denied";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
