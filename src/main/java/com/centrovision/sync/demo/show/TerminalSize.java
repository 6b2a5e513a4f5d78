package com.centrovision.sync.demo.show;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How much fits on the terminal, as {@code stty} tells it. */
record TerminalSize(int rows, int columns) {
    private static final TerminalSize USUAL = new TerminalSize(24, 80);

    static TerminalSize ask() {
        try {
            var stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(2, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return USUAL;
            }
            var words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            var size = new TerminalSize(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            return size.rows > 0 && size.columns > 0 ? size : USUAL;
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException unknown) {
            return USUAL;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }
}
