package com.centrovision.sync.tables;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Gives each table's turn to one exchange at a time, until that exchange ends. Threads share it. */
public final class Turns {
    /** The variable of an exchange that tells whether it has the turn. */
    public static final String VARIABLE = "turn";

    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> takings = new ConcurrentHashMap<>();

    public void take(String table, Exchange exchange) {
        exchange.setVariable(VARIABLE, isTaken(table, exchange));
    }

    /** Takes the turn where it is free; whether nobody else had it since {@link #takings} told that many. */
    public boolean isNext(String table, long takingsBefore, Exchange exchange) {
        return isTaken(table, exchange) && takings.get(table) == takingsBefore + 1;
    }

    /** How often the table's turn was taken; -1 where somebody has it. */
    public long takings(String table) {
        var count = takings.getOrDefault(table, 0L);
        return taken.contains(table) ? -1 : count;
    }

    /** Takes the turn where it is free; whether it was. */
    public boolean isTaken(String table, Exchange exchange) {
        var isFree = taken.add(table);
        if (isFree) {
            takings.merge(table, 1L, Long::sum);
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    taken.remove(table);
                }
            });
        }
        return isFree;
    }

    public static boolean has(Exchange exchange) {
        return Boolean.TRUE.equals(exchange.getVariable(VARIABLE));
    }
}
