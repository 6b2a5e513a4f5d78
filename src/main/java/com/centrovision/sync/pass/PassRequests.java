package com.centrovision.sync.pass;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/** Full passes asked of the running service by another process, through the table _sync_request. */
public final class PassRequests {
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(30);
    private static final Duration DONE_WITHIN = Duration.ofHours(12);
    private static final long LOOK_MILLIS = 200;

    private final JdbcTemplate clinic;
    private final ObjectMapper json = new ObjectMapper();

    public PassRequests(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** Asks for a full pass and waits for nothing; by its number {@link #outcome} tells how it ended. */
    public long post(Set<String> acceptedDeletes) {
        return clinic.queryForObject(
                "insert into _sync_request (kind, accept_deletes) values ('full-pass', string_to_array(?, ',')) returning id",
                Long.class,
                String.join(",", acceptedDeletes));
    }

    /** As JSON; empty while it is not done. */
    public Optional<String> outcome(long id) {
        return clinic
                .queryForList(
                        "select outcome from _sync_request where id = ? and done_at is not null", String.class, id)
                .stream()
                .findFirst();
    }

    /** Asks for a full pass and waits for its result; empty when no service took it. */
    public Optional<PassResult> ask(Set<String> acceptedDeletes) throws InterruptedException, JsonProcessingException {
        var id = post(acceptedDeletes);
        var askedAt = System.nanoTime();
        while (System.nanoTime() - askedAt < DONE_WITHIN.toNanos()) {
            var request = clinic.queryForMap("select taken_at, outcome from _sync_request where id = ?", id);
            if (request.get("outcome") != null) {
                return Optional.of(json.readValue(request.get("outcome").toString(), PassResult.class));
            }
            if (request.get("taken_at") == null && System.nanoTime() - askedAt > TAKEN_WITHIN.toNanos()) {
                clinic.update("delete from _sync_request where id = ? and taken_at is null", id);
                return Optional.empty();
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return Optional.empty();
    }

    /** Runs the full pass of a request that was taken; called by the route {@code requests}. */
    void answer(Object id, Set<String> acceptedDeletes, FullPass pass)
            throws InterruptedException, JsonProcessingException {
        clinic.update(
                "update _sync_request set done_at = now(), outcome = ? where id = ?",
                json.writeValueAsString(pass.run(acceptedDeletes)),
                id);
    }
}
