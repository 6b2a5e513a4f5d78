package com.centrovision.sync.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * How fast the service is, next to what this machine allows and to what else there is: {@code ./mvnw -Pbench verify}.
 * A goal that is missed is told, and fails nothing; a scenario without figures does.
 */
class Benchmark {
    private static final List<Scenario> SCENARIOS = List.of(
            new LineItself(),
            new FirstLoadOverLine(),
            new FirstLoadWithoutDelay(),
            new MemoryOfFirstLoad(),
            new IncrementalPass(),
            new InsertsUp(),
            new UpdatesUp(),
            new AssistedUpdatesUp(),
            new Idle(),
            new Freshness(),
            new VerifyEqual(),
            new ManyTables(),
            new AppsQuestion());

    private final BenchOptions options = BenchOptions.fromProperties();
    private final ResultFile file = new ResultFile(options.results());

    @Test
    void measuresWhatWasAskedFor() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(90));
        var before = file.read();
        var failures = new ArrayList<String>();
        try (var stand = new Stand(
                Lab.start(Path.of("").toAbsolutePath(), LabOptions.defaults().withReplication()), options)) {
            for (var scenario : SCENARIOS) {
                if (options.asksFor(scenario.name())) {
                    var result = run(scenario, stand);
                    file.add(result);
                    tell(result, before);
                    if (!result.failure().isEmpty()) {
                        failures.add(scenario.name() + ": " + result.failure());
                    }
                }
            }
        }
        if (options.writesManual()) {
            Files.writeString(
                    Path.of("docs/performance.md"),
                    Manual.of(SCENARIOS.stream().map(Scenario::name).toList(), file.read()));
        }
        assertEquals(List.of(), failures);
    }

    private Result run(Scenario scenario, Stand stand) throws InterruptedException {
        var figures = new Figures();
        var failure = "";
        try {
            scenario.prepare(stand);
            for (int repetition = 0; repetition < options.repeat(); repetition++) {
                scenario.measure(stand, figures);
            }
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Exception missing) {
            failure = missing.toString();
        } finally {
            end(scenario, stand);
        }
        return new Result(
                scenario.name(),
                scenario.method(),
                LocalDate.now().toString(),
                options.rows(),
                scenario.goals(figures),
                figures.all(),
                failure);
    }

    private static void end(Scenario scenario, Stand stand) {
        try {
            stand.line().become(LineShape.NONE);
            scenario.end(stand);
        } catch (Exception leftover) {
            System.out.println(scenario.name() + " was not taken down: " + leftover);
        }
    }

    private static void tell(Result result, Map<String, Result> before) throws IOException {
        var text = ResultText.of(result, Optional.ofNullable(before.get(result.scenario())));
        System.out.println(text);
        Files.writeString(Path.of("target/bench.txt"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
