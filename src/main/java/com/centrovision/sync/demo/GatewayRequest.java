package com.centrovision.sync.demo;

/** A request that reached the gateway: its path with the query, and the status it got, 0 when there was no answer. */
public record GatewayRequest(String method, String path, int status) {
    static GatewayRequest unanswered(HttpHead request) {
        return new GatewayRequest(request.word(0), request.word(1), 0);
    }

    public boolean isWrite() {
        return !method.equals("GET")
                && !method.equals("HEAD")
                && !path.matches("/rest/v1/rpc/sync_(info|pull|digest|trim)");
    }
}
