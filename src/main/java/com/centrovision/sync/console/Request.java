package com.centrovision.sync.console;

import java.util.Optional;

/**
 * What is known of a request before anything is done for it.
 *
 * @param fromHere whether it came over the loopback interface, from nobody who passes it on
 * @param fromOtherSite whether the browser says that another site's page asks
 * @param token what its {@code Authorization} bears; {@code session} is its cookie
 */
record Request(
        String method,
        String path,
        String address,
        boolean fromHere,
        Optional<String> host,
        Optional<String> origin,
        Optional<String> contentType,
        boolean fromOtherSite,
        Optional<String> token,
        Optional<String> session) {

    boolean changesSomething() {
        return !method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS");
    }
}
