package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGetRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthStatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGetRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseLeasesRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberListRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the members of a cluster have come to the same. */
final class Agreement {
    private static final Pattern HASH =
            Pattern.compile(
                    "\"Endpoint\":\"([^\"]+)\".*?\"revision\":(\\d+).*?\"hash\":(\\d+)"
                            + "(?:,\"compact_revision\":(-?\\d+))?");

    private Agreement() {}

    /** Waits until it is so; nobody may write meanwhile, and there may be no learner. */
    static void await(Cluster cluster) {
        Eventually.until("all hashes to agree", () -> hashesAgree(cluster));
        Eventually.until("all members to tell the same", () -> viewsAgree(cluster));
    }

    private static boolean hashesAgree(Cluster cluster) {
        String out = cluster.ctl().run("endpoint", "hashkv", "--cluster", "-w", "json");
        Matcher matcher = HASH.matcher(out);
        TreeMap<String, String> found = new TreeMap<>();
        while (matcher.find()) {
            found.put(
                    matcher.group(1),
                    "revision %s hash %s compacted %s"
                            .formatted(matcher.group(2), matcher.group(3), matcher.group(4)));
        }
        assertThat(found).as(out).hasSize(cluster.nodes().size());
        assertThat(found.values().stream().distinct()).as(found.toString()).hasSize(1);
        return true;
    }

    private static boolean viewsAgree(Cluster cluster) throws IOException {
        List<String> views = new ArrayList<>();
        for (Node node : cluster.running()) {
            views.add(view(cluster, node));
        }
        assertThat(views.stream().distinct().toList()).hasSize(1);
        return true;
    }

    /** What a member says of all that is not in a hash of its keys. */
    private static String view(Cluster cluster, Node node) throws IOException {
        Endpoint e = cluster.endpoint(node);
        List<String> lines = new ArrayList<>();
        e.cluster()
                .memberList(MemberListRequest.getDefaultInstance())
                .getMembersList()
                .forEach(m -> lines.add("member " + m));
        e.lease()
                .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                .getLeasesList()
                .forEach(l -> lines.add("lease " + l.getID()));
        e.maintenance()
                .alarm(AlarmRequest.getDefaultInstance())
                .getAlarmsList()
                .forEach(a -> lines.add("alarm " + a));
        for (String user :
                e.auth().userList(AuthUserListRequest.getDefaultInstance()).getUsersList()) {
            var get = AuthUserGetRequest.newBuilder().setName(user).build();
            lines.add("user " + user + e.auth().userGet(get).getRolesList());
        }
        for (String role :
                e.auth().roleList(AuthRoleListRequest.getDefaultInstance()).getRolesList()) {
            var get = AuthRoleGetRequest.newBuilder().setRole(role).build();
            lines.add("role " + role + e.auth().roleGet(get).getPermList());
        }
        var auth = e.auth().authStatus(AuthStatusRequest.getDefaultInstance());
        lines.add("auth " + auth.getEnabled() + " at " + auth.getAuthRevision());
        lines.add("cluster version " + clusterVersion(node));
        lines.sort(null);
        return String.join("\n", lines);
    }

    /** What {@code /version} of a member says of the cluster. */
    static String clusterVersion(Node node) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ask =
                    HttpRequest.newBuilder(java.net.URI.create(node.clientUrl() + "/version"))
                            .timeout(Duration.ofSeconds(5))
                            .build();
            String body = client.send(ask, HttpResponse.BodyHandlers.ofString()).body();
            Matcher matcher = Pattern.compile("\"etcdcluster\":\"([^\"]*)\"").matcher(body);
            return matcher.find() ? matcher.group(1) : body;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + node, e);
        }
    }
}
