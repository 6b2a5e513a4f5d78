package com.centrovision.sync.up;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Queue;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class UpAnswersTest {
    private final UpAnswers answers = new UpAnswers();
    private final DefaultExchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    @SuppressWarnings("unchecked")
    void joinsWhatCameBackAndWhatDidNot() {
        answers.begin(exchange);
        var queue = exchange.getVariable("answers", Queue.class);

        answers.add(queue, "[{\"id\":1}]", "[{\"id\":1,\"notes\":\"a], [b\"}]\n");
        answers.add(queue, "[{\"id\":2}]", "[]");
        answers.add(queue, "[{\"id\":3}]", " [{\"id\":3}]");
        answers.join(exchange);

        assertEquals("[{\"id\":1},{\"id\":2},{\"id\":3}]", exchange.getVariable("changes"));
        assertEquals(
                "[{\"id\":1,\"notes\":\"a], [b\"},{\"id\":3}]",
                exchange.getMessage().getBody());
    }

    @Test
    void joinsNothing() {
        answers.begin(exchange);
        answers.join(exchange);

        assertEquals("[]", exchange.getVariable("changes"));
        assertEquals("[]", exchange.getMessage().getBody());
    }
}
