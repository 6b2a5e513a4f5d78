package com.centrovision.sync.cli;

import com.centrovision.sync.problem.Text;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The help with words of the reader's language for what is to be filled in: FILE, or ARCHIVO. Threads share it. */
final class HelpLabels implements IHelpFactory {
    private static final Pattern WORD = Pattern.compile("\\b[A-Z]+\\b");
    private static final String PREFIX = "label.";

    private final Locale locale;

    HelpLabels(Locale locale) {
        this.locale = locale;
    }

    /** In a sentence; what has no word of its own stays as it is. */
    static Object of(String label) {
        return Optional.of(PREFIX + label)
                .filter(Text.bundle(Locale.ENGLISH)::containsKey)
                .<Object>map(Text::of)
                .orElse(label);
    }

    private String translated(String labels) {
        return WORD.matcher(labels)
                .replaceAll(word -> of(word.group()) instanceof Text known ? known.in(locale) : word.group());
    }

    @Override
    public Help create(CommandSpec command, ColorScheme colors) {
        command.usageMessage().synopsisSubcommandLabel("[" + translated("COMMAND") + "]");
        return new Help(command, colors) {
            @Override
            public IParamLabelRenderer parameterLabelRenderer() {
                return translating(super.parameterLabelRenderer(), colors);
            }
        };
    }

    private IParamLabelRenderer translating(IParamLabelRenderer usual, ColorScheme colors) {
        return new IParamLabelRenderer() {
            @Override
            public Ansi.Text renderParameterLabel(ArgSpec argument, Ansi ansi, List<IStyle> styles) {
                var label = usual.renderParameterLabel(argument, Ansi.OFF, List.of());
                return colors.apply(translated(label.toString()), styles);
            }

            @Override
            public String separator() {
                return usual.separator();
            }
        };
    }
}
