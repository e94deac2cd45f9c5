package io.jarnetes.etcd.server.peer;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Protobuf messages into buffers without an array between. */
final class ProtoBytes {
    private ProtoBytes() {}

    static void write(MessageLite message, ByteBuf out) {
        int size = message.getSerializedSize();
        out.ensureWritable(size);
        try {
            CodedOutputStream coded =
                    CodedOutputStream.newInstance(out.nioBuffer(out.writerIndex(), size));
            message.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("buffer of " + size + " bytes is too small", e);
        }
        out.writerIndex(out.writerIndex() + size);
    }
}
