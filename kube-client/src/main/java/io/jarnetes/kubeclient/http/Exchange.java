package io.jarnetes.kubeclient.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ResetFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on a stream of HTTP/2 or on a connection of HTTP/1.1. Runs on the
 * event loop.
 */
abstract sealed class Exchange extends SimpleChannelInboundHandler<HttpObject> {

    private int code;
    private boolean keepAlive = true;
    private boolean over;
    private Runnable whenIdle = () -> {};

    /**
     * @param task runs when the answer is whole and its connection may take another request
     */
    void whenIdle(Runnable task) {
        whenIdle = task;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            fail(new IOException("an answer that is not HTTP", part.decoderResult().cause()));
            context.close();
            return;
        }
        if (part instanceof HttpResponse head) {
            if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                return;
            }
            code = head.status().code();
            keepAlive = HttpUtil.isKeepAlive(head);
            head(context.channel(), code);
        }
        if (part instanceof HttpContent content && code != 0) {
            bytes(content.content());
            if (part instanceof LastHttpContent) {
                finish(context);
            }
        }
    }

    private void finish(ChannelHandlerContext context) {
        over = true;
        end(code);
        if (keepAlive) {
            context.pipeline().remove(this);
            whenIdle.run();
        } else {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            fail(new IOException("the server reset the stream (error " + reset.errorCode() + ")"));
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new IOException("the connection was closed before the answer was whole"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause instanceof IOException failure ? failure : new IOException(cause));
        context.close();
    }

    /** Without effect when the answer is whole or has failed. */
    void fail(IOException cause) {
        if (!over) {
            over = true;
            failed(cause);
        }
    }

    abstract void head(Channel channel, int status);

    abstract void bytes(ByteBuf content);

    abstract void end(int status);

    abstract void failed(IOException cause);

    /** Completes when the whole answer is there. */
    static final class Whole extends Exchange {
        private final CompletableFuture<HttpAnswer> future;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Whole(CompletableFuture<HttpAnswer> future) {
            this.future = future;
        }

        @Override
        void head(Channel channel, int status) {}

        @Override
        void bytes(ByteBuf content) {
            body.writeBytes(ByteBufUtil.getBytes(content));
        }

        @Override
        void end(int status) {
            future.complete(new HttpAnswer(status, body.toByteArray()));
        }

        @Override
        void failed(IOException cause) {
            future.completeExceptionally(cause);
        }
    }

    /** Completes when the head is there; the body is read as it comes. */
    static final class Streamed extends Exchange {
        private final CompletableFuture<HttpStream> future;
        private @Nullable Body body;

        Streamed(CompletableFuture<HttpStream> future) {
            this.future = future;
        }

        @Override
        void head(Channel channel, int status) {
            channel.config().setAutoRead(false);
            Body stream = new Body(channel);
            body = stream;
            future.complete(new HttpStream(status, stream));
        }

        @Override
        void bytes(ByteBuf content) {
            if (body != null) {
                body.add(ByteBufUtil.getBytes(content));
            }
        }

        @Override
        void end(int status) {
            if (body != null) {
                body.end();
            }
        }

        @Override
        void failed(IOException cause) {
            if (body == null) {
                future.completeExceptionally(cause);
            } else {
                body.fail(cause);
            }
        }
    }
}
