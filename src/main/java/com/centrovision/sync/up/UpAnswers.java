package com.centrovision.sync.up;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What the cloud returned to the changes of a chunk, to be confirmed together: a transaction for each would be slow. */
public final class UpAnswers {
    /** A change that was sent and what came back, each a JSON array. */
    public record Answer(String change, String returned) {}

    /** Called before the chunk is sent. */
    public void begin(Exchange exchange) {
        exchange.setVariable("answers", new ConcurrentLinkedQueue<Answer>());
    }

    /** Called by each line that got an answer; one that failed has told so itself. */
    public void add(
            @Variable("answers") Queue<Answer> answers, @Variable("changes") String change, @Body String returned) {
        if (!returned.strip().startsWith("[")) {
            throw new IllegalArgumentException("the answer is no array of rows");
        }
        answers.add(new Answer(change, returned));
    }

    /** Leaves all of them for the statement that confirms them. */
    public void join(Exchange exchange) {
        @SuppressWarnings("unchecked")
        Queue<Answer> answers = exchange.getVariable("answers", Queue.class);
        exchange.setVariable("changes", joined(answers, Answer::change));
        exchange.getMessage().setBody(joined(answers, Answer::returned));
    }

    private static String joined(Queue<Answer> answers, Function<Answer, String> part) {
        return answers.stream()
                .map(part)
                .map(String::strip)
                .map(array -> array.substring(1, array.length() - 1))
                .filter(rows -> !rows.isBlank())
                .collect(Collectors.joining(",", "[", "]"));
    }
}
