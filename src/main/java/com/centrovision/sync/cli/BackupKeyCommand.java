package com.centrovision.sync.cli;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a pair of keys and shows them once: the private one for paper, the public one for config.toml. Keeps neither. */
@Command(name = "key")
final class BackupKeyCommand implements Callable<Integer> {
    @ParentCommand
    private BackupCommand backup;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var pair = AgeKeys.make();
        var locale = backup.cli().locale();
        var out = spec.commandLine().getOut();
        showPrivate(pair, out, locale);
        out.println(Text.of("backup.key.public").in(locale));
        out.println();
        out.println("  [backup]");
        out.println("  public_key = \"" + pair.publicKey() + "\"");
        out.println();
        out.println(Text.of("backup.key.lost").in(locale));
        out.flush();
        return ExitCode.OK.value();
    }

    /** Once, and nowhere else. */
    static void showPrivate(AgeKeys.Pair pair, PrintWriter out, Locale locale) {
        out.println(Text.of("backup.key.private").in(locale));
        out.println();
        out.println("  " + pair.privateKey());
        out.println();
    }
}
