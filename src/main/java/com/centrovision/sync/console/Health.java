package com.centrovision.sync.console;

import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** Whether the service lives, and whether it can do its work; without a cloud it can. Threads share it. */
public final class Health {
    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final Connection connection;
    private final Supplier<Optional<Problem>> clinicProblem;

    /** @param required whether the service is not ready without it; {@code reason} is a word or a code */
    record Dependency(String name, String status, boolean required, String reason) {}

    record Report(String status, List<Dependency> checks) {}

    Health(Connection connection, Supplier<Optional<Problem>> clinicProblem) {
        this.connection = connection;
        this.clinicProblem = clinicProblem;
    }

    /** Called by the route {@code health-live}: who answers lives. */
    public String live() throws JsonProcessingException {
        return Json.of(new Report(UP, List.of()));
    }

    /** Called by the routes {@code health} and {@code health-ready}. */
    public void ready(Exchange exchange) throws JsonProcessingException {
        var checks = List.of(clinic(), writer(), cloud());
        var isReady = checks.stream()
                .noneMatch(check -> check.required() && check.status().equals(DOWN));
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, isReady ? 200 : 503);
        exchange.getMessage().setBody(Json.of(new Report(isReady ? UP : DOWN, checks)));
    }

    private Dependency clinic() {
        var problem = clinicProblem.get().map(Problem::code);
        return new Dependency(
                "clinic",
                problem.isEmpty() ? UP : DOWN,
                true,
                problem.map(code -> code.id()).orElse("ok"));
    }

    private Dependency writer() {
        var isWriter = connection.isWriter() || clinicProblem.get().isPresent();
        return new Dependency("writer", isWriter ? UP : DOWN, true, isWriter ? "ok" : "another-service-writes");
    }

    private Dependency cloud() {
        var state = connection.state();
        return new Dependency("cloud", state.mode().equals("supabase") ? UP : DOWN, false, state.reason());
    }
}
