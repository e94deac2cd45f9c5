package io.jarnetes.etcd.storage.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.authpb.Role;
import io.jarnetes.etcd.proto.authpb.User;
import io.jarnetes.etcd.proto.authpb.UserAddOptions;
import io.jarnetes.etcd.storage.backend.BadPairException;
import java.util.ArrayList;
import java.util.List;

/** Users and roles as the bytes of {@code authpb.User} and {@code authpb.Role}. */
final class AuthCodec {
    private AuthCodec() {}

    static byte[] encode(StoredUser user) {
        User.Builder message =
                User.newBuilder()
                        .setName(ByteString.copyFromUtf8(user.name()))
                        .setPassword(ByteString.copyFrom(user.passwordHash()))
                        .addAllRoles(user.roles());
        if (user.hasOptions()) {
            message.setOptions(UserAddOptions.newBuilder().setNoPassword(user.noPassword()));
        }
        return message.build().toByteArray();
    }

    static StoredUser decodeUser(byte[] bytes) {
        try {
            User message = User.parseFrom(bytes);
            return new StoredUser(
                    message.getName().toStringUtf8(),
                    message.getPassword().toByteArray(),
                    message.getRolesList(),
                    message.hasOptions(),
                    message.getOptions().getNoPassword());
        } catch (InvalidProtocolBufferException e) {
            throw new BadPairException("has a value that is no authpb.User", e);
        }
    }

    static byte[] encode(StoredRole role) {
        Role.Builder message = Role.newBuilder().setName(ByteString.copyFromUtf8(role.name()));
        for (Permission permission : role.permissions()) {
            message.addKeyPermission(
                    io.jarnetes.etcd.proto.authpb.Permission.newBuilder()
                            .setPermTypeValue(permission.number())
                            .setKey(ByteString.copyFrom(permission.key()))
                            .setRangeEnd(ByteString.copyFrom(permission.rangeEnd())));
        }
        return message.build().toByteArray();
    }

    static StoredRole decodeRole(byte[] bytes) {
        try {
            Role message = Role.parseFrom(bytes);
            List<Permission> permissions = new ArrayList<>();
            for (var stored : message.getKeyPermissionList()) {
                permissions.add(
                        new Permission(
                                stored.getPermTypeValue(),
                                stored.getKey().toByteArray(),
                                stored.getRangeEnd().toByteArray()));
            }
            return new StoredRole(message.getName().toStringUtf8(), permissions);
        } catch (InvalidProtocolBufferException e) {
            throw new BadPairException("has a value that is no authpb.Role", e);
        }
    }
}
