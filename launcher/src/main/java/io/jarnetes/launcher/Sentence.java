package io.jarnetes.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A failure in one line for a person. */
final class Sentence {

    private Sentence() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case AccessDeniedException e -> e.getFile() + ": permission denied";
            case NoSuchFileException e -> e.getFile() + ": no such file or directory";
            case FileSystemException e -> e.getFile() + ": " + e.getReason();
            case IOException e when e.getMessage() != null -> String.valueOf(e.getMessage());
            default -> {
                String message = failure.getMessage();
                yield message == null ? failure.getClass().getSimpleName() : message;
            }
        };
    }
}
