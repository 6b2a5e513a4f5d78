package com.centrovision.sync.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "servise_key, service_key",
        "SERVICE_KEY, service_key",
        "apikey, service_key",
        "batchsize, batch_size",
        "ulr, url",
        "interval, interval_seconds"
    })
    void suggestsTheNameThatWasMeant(String wrong, String meant) {
        assertEquals(meant, Nearest.to(wrong, List.of("url", "service_key", "batch_size", "interval_seconds")));
    }
}
