package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.storage.WatchEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as they go over the wire: a line of JSON each, or protobuf with four bytes of length
 * (big-endian) before each {@code metav1.WatchEvent {1 type, 2 object {1 raw}}}.
 */
final class WatchFrames {

    private static final int TYPE_TAG = 0x0a;
    private static final int OBJECT_TAG = 0x12;
    private static final int RAW_TAG = 0x0a;

    private final Encoder encoder;
    private final boolean protobuf;
    private final String name;
    private boolean firstTable = true;

    private WatchFrames(Encoder encoder) {
        this.encoder = encoder;
        this.protobuf = encoder.accepted().mediaType() == MediaType.PROTOBUF;
        this.name = (protobuf ? "watch-pb:" : "watch:") + encoder.versionName() + ":";
    }

    static WatchFrames of(Encoder encoder) {
        return new WatchFrames(encoder);
    }

    byte[] change(WatchEvent.Change change) {
        String type = change.type().name();
        StoredObject object = change.object();
        if (encoder.accepted().form() == Accepted.Form.OBJECT) {
            return object.encoding(name + type, each -> frame(type, encoder.watched(each, false)));
        }
        byte[] frame = frame(type, encoder.watched(object, firstTable));
        firstTable = false;
        return frame;
    }

    byte[] bookmark(long revision, boolean initialEventsEnd) {
        byte[] frame = frame("BOOKMARK", encoder.bookmark(revision, initialEventsEnd, firstTable));
        firstTable = false;
        return frame;
    }

    byte[] error(ObjectNode status) {
        return frame("ERROR", encoder.status(status));
    }

    private byte[] frame(String type, byte[] object) {
        return protobuf ? protobufFrame(type, object) : jsonFrame(type, object);
    }

    private static byte[] jsonFrame(String type, byte[] object) {
        int length = object.length;
        while (length > 0 && object[length - 1] == '\n') {
            length--;
        }
        byte[] head =
                ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[head.length + length + 2];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(object, 0, frame, head.length, length);
        frame[frame.length - 2] = '}';
        frame[frame.length - 1] = '\n';
        return frame;
    }

    private static byte[] protobufFrame(String type, byte[] object) {
        ByteArrayOutputStream extension = new ByteArrayOutputStream(object.length + 8);
        extension.write(RAW_TAG);
        varint(extension, object.length);
        extension.writeBytes(object);
        ByteArrayOutputStream event = new ByteArrayOutputStream(object.length + 32);
        byte[] text = type.getBytes(StandardCharsets.US_ASCII);
        event.write(TYPE_TAG);
        varint(event, text.length);
        event.writeBytes(text);
        event.write(OBJECT_TAG);
        varint(event, extension.size());
        event.writeBytes(extension.toByteArray());
        int size = event.size();
        ByteArrayOutputStream frame = new ByteArrayOutputStream(size + 4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(size >>> shift);
        }
        frame.writeBytes(event.toByteArray());
        return frame.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
