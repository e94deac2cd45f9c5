package io.jarnetes.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void allDiffer() throws IOException {
        List<Integer> ports = FreePorts.take(100);
        assertThat(new HashSet<>(ports)).hasSize(100);
    }

    /** The reason for this class: what the system gives to a connection is never one of them. */
    @Test
    void noneIsGivenToAConnection() throws IOException {
        int highest = FreePorts.take(100).stream().mapToInt(port -> port).max().orElseThrow();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertThat(client.getLocalPort()).isGreaterThan(highest);
        }
    }

    @Test
    void oneHeldIsNobodyElses() throws IOException {
        try (ServerSocket held = FreePorts.hold();
                ServerSocket other = new ServerSocket()) {
            assertThatThrownBy(() ->
                            other.bind(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), held.getLocalPort())))
                    .isInstanceOf(BindException.class);
        }
    }
}
