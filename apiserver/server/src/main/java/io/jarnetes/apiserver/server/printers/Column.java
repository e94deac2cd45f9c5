package io.jarnetes.apiserver.server.printers;

/**
 * A column of a Table.
 *
 * @param type {@code string}, {@code integer}, {@code boolean}, {@code number} or {@code date}
 * @param format {@code name} for the column that names the object, otherwise empty
 * @param description may be empty
 * @param priority 0 to be shown always, 1 for {@code -o wide}
 */
public record Column(String name, String type, String format, String description, int priority) {}
