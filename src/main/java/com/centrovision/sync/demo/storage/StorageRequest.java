package com.centrovision.sync.demo.storage;

import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the gateway hands to the lab's storage.
 *
 * @param target the address behind {@code /storage/v1}, as it was sent
 * @param mayAll whether the key has all rights; with another one, nothing is to be seen
 */
public record StorageRequest(
        String method, String target, Function<String, Optional<String>> headers, InputStream body, boolean mayAll) {

    /** The words of the address up to {@code most}; the last one holds all the rest, with its slashes. */
    List<String> words(int most) {
        return Stream.of(target.split("\\?", 2)[0].substring(1).split("/", most))
                .map(word -> URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    Optional<String> header(String name) {
        return headers.apply(name);
    }

    boolean says(String name, String value) {
        return header(name).filter(value::equals).isPresent();
    }
}
