package io.jarnetes.apiserver.schema.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Reads the descriptors that protoc wrote into the outer class of each .proto file: string
 * constants, loaded in the static initialiser before the call that parses them.
 */
final class ProtoReader {
    private static final String PARSE = "internalBuildGeneratedFileFrom";

    private ProtoReader() {}

    /** Messages by full name, such as {@code k8s.io.api.core.v1.Pod}; map entries left out. */
    static Map<String, DescriptorProto> read(JarFile jar) throws IOException {
        Map<String, DescriptorProto> messages = new TreeMap<>();
        for (JarEntry entry : jar.stream().toList()) {
            String name = entry.getName();
            if (name.startsWith("io/kubernetes/client/proto/")
                    && name.endsWith(".class")
                    && !name.contains("$")) {
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                FileDescriptorProto file = descriptor(ClassFile.of().parse(bytes));
                file.getMessageTypeList()
                        .forEach(m -> messages.put(file.getPackage() + "." + m.getName(), m));
            }
        }
        return messages;
    }

    private static FileDescriptorProto descriptor(ClassModel model)
            throws InvalidProtocolBufferException {
        StringBuilder data = new StringBuilder();
        for (MethodModel method : model.methods()) {
            if (method.methodName().equalsString("<clinit>")) {
                collect(method.code().orElseThrow(), data);
            }
        }
        return FileDescriptorProto.parseFrom(data.toString().getBytes(ISO_8859_1));
    }

    private static void collect(CodeModel code, StringBuilder data) {
        for (CodeElement element : code) {
            if (element instanceof ConstantInstruction constant
                    && constant.constantValue() instanceof String text) {
                data.append(text);
            } else if (element instanceof InvokeInstruction call
                    && call.name().equalsString(PARSE)) {
                return;
            }
        }
    }
}
