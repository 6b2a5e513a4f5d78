package com.centrovision.sync.demo.show;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.demo.show.Event.Who;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Somebody who works on one side, one act after another; the acts stand in {@code sql/demo/acts.sql}. */
final class Worker {
    /** A function of the database, and how its outcome is told. */
    private record Act(String function, String key) {}

    private final Who who;
    private final LabDatabase database;
    private final String seed;
    private final List<Act> acts;
    private int done;

    private Worker(Who who, LabDatabase database, String seed, List<Act> acts) {
        this.who = who;
        this.database = database;
        this.seed = seed;
        this.acts = acts;
    }

    static Worker reception(LabDatabase clinic, String seed) {
        return new Worker(
                Who.RECEPTION,
                clinic,
                seed + "/reception",
                List.of(
                        new Act("demo_register_patient", "demo.act.registers"),
                        new Act("demo_book_appointment", "demo.act.books"),
                        new Act("demo_receive_patient", "demo.act.receives"),
                        new Act("demo_issue_invoice", "demo.act.invoices"),
                        new Act("demo_take_payment", "demo.act.takes-payment"),
                        new Act("demo_note_a_wish", "demo.act.notes"),
                        new Act("demo_sell_item", "demo.act.sells"),
                        new Act("demo_confirm_appointment", "demo.act.confirms")));
    }

    static Worker doctor(LabDatabase cloud, String seed) {
        return new Worker(
                Who.DOCTOR,
                cloud,
                seed + "/doctor",
                List.of(
                        new Act("demo_see_patient", "demo.act.sees"),
                        new Act("demo_prescribe", "demo.act.prescribes"),
                        new Act("demo_note_a_finding", "demo.act.notes"),
                        new Act("demo_refer", "demo.act.refers")));
    }

    /** Does the next thing for which there is an occasion. */
    Event work() {
        for (int tries = 0; tries < acts.size(); tries++) {
            var act = acts.get(done % acts.size());
            var words = words("select " + act.function + "(?)", seed + "/" + done);
            done++;
            if (words.isPresent()) {
                return Event.now(who, act.key, (Object[]) words.get());
            }
        }
        throw new IllegalStateException(who + " has nothing to do");
    }

    Event changesPhone(Object patient) {
        var words = words("select demo_change_phone(?, ?)", seed + "/" + done, patient)
                .orElseThrow();
        done++;
        return Event.now(who, "demo.act.changes-phone", (Object[]) words);
    }

    private Optional<String[]> words(String sql, Object... parameters) {
        return database.value(sql, parameters).map(Worker::texts);
    }

    private static String[] texts(Object array) {
        try {
            return (String[]) ((Array) array).getArray();
        } catch (SQLException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
