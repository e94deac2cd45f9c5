package io.jarnetes.etcd.proto;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/**
 * Writes the zeros that upstream's encoder writes.
 *
 * <p>In proto2 upstream declares scalars as non-nullable: its members always emit them, and etcd
 * 3.7 refuses a walpb.Snapshot without index or term. A proto2 builder of ours emits what was set,
 * so code on a hot path sets every scalar by hand; everybody else calls {@link #fill}. Absent
 * {@code bytes} and sub-messages stay absent.
 */
public final class ZeroScalars {
    private ZeroScalars() {}

    /**
     * Sets every scalar field that was not set to its zero, in sub-messages too.
     *
     * @param builder a builder of a proto2 message (raftpb, walpb, snappb, etcdserverpb.Metadata)
     * @return the same builder
     */
    public static <B extends Message.Builder> B fill(B builder) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (field.isRepeated()) {
                fillRepeated(builder, field);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (builder.hasField(field)) {
                    fill(builder.getFieldBuilder(field));
                }
            } else if (field.getType() != FieldDescriptor.Type.BYTES && !builder.hasField(field)) {
                builder.setField(field, field.getDefaultValue());
            }
        }
        return builder;
    }

    private static void fillRepeated(Message.Builder builder, FieldDescriptor field) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            for (int i = 0; i < builder.getRepeatedFieldCount(field); i++) {
                fill(builder.getRepeatedFieldBuilder(field, i));
            }
        }
    }
}
