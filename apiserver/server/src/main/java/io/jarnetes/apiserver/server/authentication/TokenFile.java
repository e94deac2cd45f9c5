package io.jarnetes.apiserver.server.authentication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Static tokens ({@code --token-auth-file}): lines of {@code token,user,uid,"group1,group2"}. Read
 * once, as upstream does.
 */
public final class TokenFile implements TokenAuthenticator {

    private final Map<String, UserInfo> users;

    private TokenFile(Map<String, UserInfo> users) {
        this.users = Map.copyOf(users);
    }

    /**
     * @throws IOException when it can't be read, or a line has fewer than three columns
     */
    public static TokenFile read(Path file) throws IOException {
        Map<String, UserInfo> users = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            List<String> columns = columns(line);
            if (line.isBlank() || columns.getFirst().isEmpty()) {
                continue;
            }
            if (columns.size() < 3) {
                throw new IOException(
                        "token file '"
                                + file
                                + "' must have at least 3 columns (token, user name, user uid),"
                                + " found "
                                + columns.size());
            }
            List<String> groups =
                    columns.size() < 4 || columns.get(3).isEmpty()
                            ? List.of()
                            : List.of(columns.get(3).split(","));
            users.put(
                    columns.getFirst(),
                    new UserInfo(columns.get(1), columns.get(2), groups, Map.of()));
        }
        return new TokenFile(users);
    }

    private static List<String> columns(String line) {
        List<String> columns = new ArrayList<>();
        StringBuilder column = new StringBuilder();
        boolean quoted = false;
        for (char c : line.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                columns.add(column.toString().strip());
                column.setLength(0);
            } else {
                column.append(c);
            }
        }
        columns.add(column.toString().strip());
        return columns;
    }

    @Override
    public Optional<Authentication> authenticate(String token, List<String> audiences) {
        return Optional.ofNullable(users.get(token)).map(Authentication::new);
    }
}
