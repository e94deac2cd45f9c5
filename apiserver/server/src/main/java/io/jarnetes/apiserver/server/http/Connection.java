package io.jarnetes.apiserver.server.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What all requests of one connection share.
 *
 * @param clientCertificates as the client showed them, leaf first; not verified but for the proof
 *     of the key
 */
record Connection(InetSocketAddress remote, boolean tls, List<X509Certificate> clientCertificates) {

    static Connection of(Channel channel) {
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (ssl == null) {
            return new Connection(remote, false, List.of());
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : ssl.engine().getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // The client showed none.
        }
        return new Connection(remote, true, List.copyOf(chain));
    }
}
