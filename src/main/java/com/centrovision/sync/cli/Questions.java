package com.centrovision.sync.cli;

import com.centrovision.sync.config.ConfigText;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import java.io.Console;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Asks the person at the keyboard for keys of the configuration, each until the answer is one; secrets are not shown. */
final class Questions {
    private final Console keyboard;
    private final Locale locale;
    private final Map<String, String> environment;

    Questions(Console keyboard, Locale locale, Map<String, String> environment) {
        this.keyboard = keyboard;
        this.locale = locale;
        this.environment = environment;
    }

    /** What is there, or usual, is taken where the person only presses Enter. */
    ConfigText ask(ConfigText draft, String section, String name) {
        var known = draft.value(section, name, environment).or(() -> ConfigText.usual(section, name));
        while (true) {
            var answer = read(question(section, name, known), ConfigText.isSecret(section, name))
                    .or(() -> known);
            if (answer.isEmpty()) {
                continue;
            }
            var mistake = ConfigText.mistake(section, name, answer.get());
            if (mistake.isEmpty()) {
                return draft.with(section, name, answer.get());
            }
            keyboard.printf("  %s%n", Text.of("setup.expected", mistake.get()).in(locale));
        }
    }

    /** Whether the person wants to answer anew. */
    boolean again(Problem problem) {
        problem.lines(locale).forEach(line -> keyboard.printf("%s%n", line));
        return Confirmation.of(Text.of("setup.again"), locale);
    }

    private Text question(String section, String name, Optional<String> known) {
        var shown = ConfigText.isSecret(section, name) ? known.map(secret -> "****") : known;
        return Text.of(
                "setup.question",
                ConfigText.purpose(section, name).in(locale).replaceFirst("\\.$", ""),
                shown.map(" [%s]"::formatted).orElse(""));
    }

    private Optional<String> read(Text question, boolean secret) {
        var prompt = question.in(locale);
        var answer = secret
                ? Optional.ofNullable(keyboard.readPassword("%s: ", prompt)).map(String::new)
                : Optional.ofNullable(keyboard.readLine("%s: ", prompt));
        return Optional.of(answer.orElseThrow(EndOfAnswers::new).strip()).filter(text -> !text.isEmpty());
    }

    /** The person closed the keyboard, as with Ctrl-D. */
    static final class EndOfAnswers extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
