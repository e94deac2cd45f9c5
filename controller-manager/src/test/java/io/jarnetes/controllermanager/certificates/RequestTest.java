package io.jarnetes.controllermanager.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

    private static final String NODE = "O=system:nodes,CN=system:node:n";

    /** Why each signer refuses, in upstream's words and order; empty where it signs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kube-apiserver-client | CN=a | '' | client auth | ''",
                "kube-apiserver-client | CN=a | '' |"
                        + " key encipherment,client auth,digital signature | ''",
                "kube-apiserver-client | CN=a | DNS:x | client auth | ''",
                "kube-apiserver-client | CN=a | '' | digital signature |"
                        + " missing required usage for client certificate: client auth",
                "kube-apiserver-client | CN=a | '' | client auth,code signing,server auth |"
                        + " invalid usage for client certificate: code signing",
                "kube-apiserver-client-kubelet | NODE | '' | client auth,digital signature | ''",
                "kube-apiserver-client-kubelet | NODE | '' |"
                        + " client auth,digital signature,key encipherment | ''",
                "kube-apiserver-client-kubelet | CN=system:node:n | '' | client auth |"
                        + " subject organization is not system:nodes",
                "kube-apiserver-client-kubelet | O=system:nodes,O=b,CN=system:node:n | '' |"
                        + " client auth | subject organization is not system:nodes",
                "kube-apiserver-client-kubelet | NODE | IP:10.0.0.1;DNS:x | client auth |"
                        + " DNS subjectAltNames are not allowed",
                "kube-apiserver-client-kubelet | NODE | URI:a:b;Email:x@y | client auth |"
                        + " Email subjectAltNames are not allowed",
                "kube-apiserver-client-kubelet | NODE | IP:10.0.0.1 | client auth |"
                        + " IP subjectAltNames are not allowed",
                "kube-apiserver-client-kubelet | NODE | URI:a:b | client auth |"
                        + " URI subjectAltNames are not allowed",
                "kube-apiserver-client-kubelet | O=system:nodes,CN=n | '' | server auth |"
                        + " subject common name does not begin with system:node:",
                "kube-apiserver-client-kubelet | NODE | '' | client auth |"
                        + " usages did not match [client auth digital signature key encipherment]",
                "kube-apiserver-client-kubelet | NODE | '' |"
                        + " client auth,digital signature,server auth |"
                        + " usages did not match [client auth digital signature key encipherment]",
                "kubelet-serving | NODE | DNS:x | server auth,digital signature | ''",
                "kubelet-serving | NODE | IP:10.0.0.1;DNS:x |"
                        + " server auth,digital signature,key encipherment | ''",
                "kubelet-serving | O=a,CN=system:node:n | DNS:x | server auth |"
                        + " subject organization is not system:nodes",
                "kubelet-serving | NODE | '' | server auth | DNS or IP subjectAltName is required",
                "kubelet-serving | NODE | URI:a:b | server auth |"
                        + " DNS or IP subjectAltName is required",
                "kubelet-serving | NODE | DNS:x;URI:a:b;Email:x@y | server auth |"
                        + " Email subjectAltNames are not allowed",
                "kubelet-serving | NODE | DNS:x;URI:a:b | server auth |"
                        + " URI subjectAltNames are not allowed",
                "kubelet-serving | O=system:nodes,CN=n | DNS:x | client auth |"
                        + " usages did not match [digital signature key encipherment server auth]",
                "kubelet-serving | O=system:nodes,CN=n | DNS:x | server auth,digital signature |"
                        + " subject common name does not begin with system:node:",
                "legacy-unknown | CN=a | DNS:x | code signing | ''",
            })
    void signersRefuse(String signer, String subject, String names, String usages, String why)
            throws IOException {
        Request request =
                Request.of(
                        Requests.of(
                                "r",
                                "kubernetes.io/" + signer,
                                subject.equals("NODE") ? NODE : subject,
                                names.isEmpty() ? List.of() : List.of(names.split(";")),
                                usages));
        String refusal = request.refusal();
        assertThat(refusal == null ? "" : refusal).isEqualTo(why);
        assertThat(request.kubeletClient())
                .isEqualTo(signer.equals("kube-apiserver-client-kubelet") && why.isEmpty());
    }
}
