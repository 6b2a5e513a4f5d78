package com.centrovision.sync.problem;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Something is wrong that a person can read about: a code, what is wrong, what to do, and the cause. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final transient Text text;
    private transient List<String> remedies = List.of();

    /** The arguments are those that the code names, in its order; none of them may be a secret or a cell value. */
    public Problem(ProblemCode code, Object... arguments) {
        this(code, code.text(arguments));
    }

    private Problem(ProblemCode code, Text text) {
        super(code.id() + " " + text.in(Locale.ENGLISH));
        this.code = code;
        this.text = text;
    }

    /** The first cause that is told stays. */
    public Problem causedBy(Throwable cause) {
        if (getCause() == null && cause != this) {
            initCause(cause);
        }
        return this;
    }

    /** Statements that put it right, told below it, a line each, to be pasted as they are. */
    public Problem remediedBy(List<String> statements) {
        remedies = List.copyOf(statements);
        return this;
    }

    public List<String> remedies() {
        return remedies;
    }

    /** One problem that says all of them, a line each; it has the code of the first. */
    public static Problem together(List<Problem> problems) {
        var first = problems.get(0);
        problems.stream()
                .skip(1)
                .filter(problem -> first.all().noneMatch(problem::equals))
                .forEach(first::addSuppressed);
        return first;
    }

    /** The problem that an exception is or was caused by. */
    public static Optional<Problem> in(Throwable exception) {
        return Stream.iterate(exception, cause -> cause != null, Throwable::getCause)
                .filter(Problem.class::isInstance)
                .map(Problem.class::cast)
                .findFirst();
    }

    public ProblemCode code() {
        return code;
    }

    /** What is wrong and what to do, without the code. */
    public Text text() {
        return text;
    }

    /** One line: the code, what is wrong, what to do. */
    public String message(Locale locale) {
        return code.id() + " " + text.in(locale);
    }

    /** This problem and those told together with it. */
    public Stream<Problem> all() {
        var others =
                Stream.of(getSuppressed()).filter(Problem.class::isInstance).map(Problem.class::cast);
        return Stream.concat(Stream.of(this), others);
    }

    /** All of them, a line each, and below each what puts it right. */
    public List<String> lines(Locale locale) {
        return all().flatMap(problem -> Stream.concat(Stream.of(problem.message(locale)), problem.remedies.stream()))
                .toList();
    }
}
