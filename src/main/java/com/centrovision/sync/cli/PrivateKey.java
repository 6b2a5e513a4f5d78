package com.centrovision.sync.cli;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The key that opens backups: from a file, or typed by the person; never an argument, which others would see. */
final class PrivateKey {
    private PrivateKey() {}

    static List<RecipientStanzaReader> of(Optional<Path> file, Locale locale) {
        return file.map(AgeKeys::readFile).orElseGet(() -> ask(locale));
    }

    private static List<RecipientStanzaReader> ask(Locale locale) {
        var typed = secret("backup.ask-key", "backup.needs-key", locale);
        try {
            return AgeKeys.read(new String(typed).toUpperCase(Locale.ROOT), "-");
        } finally {
            Arrays.fill(typed, ' ');
        }
    }

    /** What a person types unseen. */
    static char[] secret(String question, String without, Locale locale) {
        var console = System.console();
        if (console == null) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of(without));
        }
        return Optional.ofNullable(console.readPassword("%s ", Text.of(question).in(locale)))
                .orElse(new char[0]);
    }
}
