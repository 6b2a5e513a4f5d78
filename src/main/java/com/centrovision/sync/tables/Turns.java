package com.centrovision.sync.tables;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Gives each table's turn to one exchange at a time, until that exchange ends. Threads share it. */
public final class Turns {
    /** The variable of an exchange that tells whether it has the turn. */
    public static final String VARIABLE = "turn";

    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    public void take(String table, Exchange exchange) {
        var isFree = taken.add(table);
        exchange.setVariable(VARIABLE, isFree);
        if (isFree) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    taken.remove(table);
                }
            });
        }
    }

    public static boolean has(Exchange exchange) {
        return Boolean.TRUE.equals(exchange.getVariable(VARIABLE));
    }
}
