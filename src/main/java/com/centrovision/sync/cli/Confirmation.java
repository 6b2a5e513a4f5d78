package com.centrovision.sync.cli;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.util.Locale;
import java.util.Optional;

/** A question to the person at the keyboard, before something that is not undone with a key. */
final class Confirmation {
    private Confirmation() {}

    /** Whether the person says yes. Where nobody can be asked, the command has to say so itself. */
    static boolean of(Text question, Locale locale) {
        var console = System.console();
        if (console == null) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("cli.needs-yes"));
        }
        var answer = Optional.ofNullable(console.readLine("%s ", question.in(locale)))
                .orElse("")
                .strip()
                .toLowerCase(Locale.ROOT);
        return answer.matches("s|si|sí|y|yes");
    }
}
