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
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> askings = new ConcurrentHashMap<>();

    public void take(String table, Exchange exchange) {
        exchange.setVariable(VARIABLE, isTaken(table, exchange));
    }

    /** Takes the turn where it is free; whether it was. */
    public boolean isTaken(String table, Exchange exchange) {
        var isFree = taken.add(table);
        if (isFree) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    asking.remove(table);
                    taken.remove(table);
                }
            });
        }
        return isFree;
    }

    /** Whoever has the turn asks the cloud for rows of the table from here on. */
    public void asks(String table) {
        askings.merge(table, 1L, Long::sum);
        asking.add(table);
    }

    /** How often somebody asked for rows of the table; -1 while somebody does. */
    public long askings(String table) {
        var count = askings.getOrDefault(table, 0L);
        return asking.contains(table) ? -1 : count;
    }

    public static boolean has(Exchange exchange) {
        return Boolean.TRUE.equals(exchange.getVariable(VARIABLE));
    }
}
