package io.jarnetes.launcher;

import io.jarnetes.base.Program;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Every command by the word that calls it. Nothing is loaded before it is called. */
final class Programs {

    private Programs() {}

    static Map<String, Supplier<Program>> all() {
        Map<String, Supplier<Program>> programs = new LinkedHashMap<>();
        programs.put("up", UpCommand::new);
        programs.put("env", EnvCommand::new);
        programs.put("pki", PkiCommand::new);
        programs.put("etcd", io.jarnetes.etcd.server.EtcdProgram::new);
        programs.put("kube-apiserver", io.jarnetes.apiserver.server.KubeApiserver::new);
        programs.put(
                "kube-controller-manager",
                io.jarnetes.controllermanager.KubeControllerManager::new);
        programs.put("kube-scheduler", io.jarnetes.scheduler.KubeScheduler::new);
        programs.put("node", io.jarnetes.node.NodeProgram::new);
        programs.put("etcdctl", () -> new NotThere("etcdctl"));
        programs.put("etcdutl", io.jarnetes.etcd.ctl.etcdutl.EtcdutlProgram::new);
        programs.put("version", Version::new);
        programs.put("--version", Version::new);
        programs.put("help", Help::new);
        programs.put("--help", Help::new);
        programs.put("-h", Help::new);
        return programs;
    }
}
