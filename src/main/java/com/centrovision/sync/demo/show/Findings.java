package com.centrovision.sync.demo.show;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.demo.show.Event.Who;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the sync has brought about in the clinic's database since the last look. */
final class Findings {
    private final LabDatabase clinic;
    private final Timestamp since;
    private final Set<Object> told = new HashSet<>();

    Findings(LabDatabase clinic) {
        this.clinic = clinic;
        this.since = (Timestamp) clinic.value("select clock_timestamp()").orElseThrow();
    }

    List<Event> news() {
        var news = new ArrayList<Event>();
        clinic
                .query(
                        """
                        select i.id, i.invoice_number as number, p.full_name as patient
                        from invoices i
                        join patients p on p.id = i.patient_id
                        where i.created_at > ?
                          and i.invoice_number is not null
                        order by 2""",
                        since)
                .stream()
                .filter(row -> told.add(row.get("id")))
                .map(row -> Event.now(Who.SYNC, "demo.numbered", row.get("patient"), row.get("number")))
                .forEach(news::add);
        clinic
                .query(
                        """
                        select c.id, c.table_name as name, c.winner, c.local_data ->> 'full_name' as patient,
                          c.local_data ->> 'phone' as ours, c.remote_data ->> 'phone' as theirs
                        from _conflicts c
                        order by c.id""")
                .stream()
                .filter(row -> told.add(row.get("id")))
                .map(Findings::conflict)
                .forEach(news::add);
        return news;
    }

    /** One that both sides have. */
    Object somePatient(long number) {
        return clinic.value("select id from demo_any_patient(?, 0)", String.valueOf(number))
                .orElseThrow();
    }

    /** Conflicts that the demo has not made are those of who tries something beside it: of any table, decided or not. */
    static Event conflict(Map<String, Object> row) {
        var isOfAPhone = row.get("patient") != null && row.get("ours") != null && row.get("theirs") != null;
        if (!isOfAPhone || !Set.of("local", "remote").contains(String.valueOf(row.get("winner")))) {
            return Event.now(Who.SYNC, "demo.conflict.other", row.get("name"), row.get("id"));
        }
        return "local".equals(row.get("winner"))
                ? Event.now(
                        Who.SYNC,
                        "demo.conflict.reception",
                        row.get("patient"),
                        row.get("ours"),
                        row.get("theirs"),
                        row.get("id"))
                : Event.now(
                        Who.SYNC,
                        "demo.conflict.doctor",
                        row.get("patient"),
                        row.get("theirs"),
                        row.get("ours"),
                        row.get("id"));
    }
}
