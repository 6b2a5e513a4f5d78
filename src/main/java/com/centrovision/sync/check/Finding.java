package com.centrovision.sync.check;

import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a check found: all is well, something to know, or something to do.
 *
 * @param code what a problem is looked up by; empty where there is none
 * @param remedies statements that put it right, to be pasted
 */
public record Finding(Weight weight, ExitCode exitCode, String code, Text text, List<String> remedies) {

    /** How it is marked. */
    public enum Weight {
        FINE("check.fine"),
        NOTICE("check.notice"),
        WRONG("check.wrong");

        private final String mark;

        Weight(String mark) {
            this.mark = mark;
        }
    }

    static Finding fine(Text text) {
        return new Finding(Weight.FINE, ExitCode.OK, "", text, List.of());
    }

    static Finding notice(Text text, String... remedies) {
        return new Finding(Weight.NOTICE, ExitCode.OK, "", text, List.of(remedies));
    }

    static Finding wrong(Text text, String... remedies) {
        return new Finding(Weight.WRONG, ExitCode.FINDINGS, "", text, List.of(remedies));
    }

    public static Finding of(Problem problem) {
        return new Finding(
                Weight.WRONG, problem.code().exitCode(), problem.code().id() + " ", problem.text(), problem.remedies());
    }

    /** One line, and below it what puts it right. */
    public Stream<String> lines(Locale locale) {
        return Stream.concat(
                Stream.of(Text.of(weight.mark).in(locale) + " " + code + text.in(locale)), remedies.stream());
    }
}
