package com.centrovision.sync.pass;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;

/** Serves the full passes that other processes ask for. */
public final class RequestedPasses {
    private final PassRequests requests;
    private final FullPass pass;

    public RequestedPasses(PassRequests requests, FullPass pass) {
        this.requests = requests;
        this.pass = pass;
    }

    /** Called by the route {@code requests} with one that was taken. */
    public void serve(@Body Map<String, Object> request) throws InterruptedException, JsonProcessingException {
        var accepted = Set.of(request.get("accept_deletes").toString().split(","));
        requests.answer(request.get("id"), accepted, pass);
    }
}
