package com.centrovision.sync.console;

import com.centrovision.sync.files.KeptFiles;
import com.centrovision.sync.files.KeptFiles.Found;
import com.centrovision.sync.files.KeptFiles.Found.Here;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Hands the clinic's files to the apps at {@code /files/<bucket>/<name>}; who fetches one is written down. Threads share it. */
final class FilePages implements Handler<RoutingContext> {
    static final String PLACE = "/files/";

    /** What a browser may show; it is made to save all the rest, so that no file becomes a page of ours. */
    private static final Pattern SHOWN =
            Pattern.compile("image/(?!svg).*|video/.*|audio/.*|application/pdf|text/plain.*");

    /** Who plays a film asks many times for parts of it. */
    private static final Duration SAME_LOOK = Duration.ofMinutes(1);

    private static final int LOOKS_KEPT = 1000;

    private final KeptFiles files;
    private final Audit audit;
    private final Map<String, Long> looks = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > LOOKS_KEPT;
        }
    };

    FilePages(KeptFiles files, Audit audit) {
        this.files = files;
        this.audit = audit;
    }

    @Override
    public void handle(RoutingContext context) {
        var visitor = Visitor.of(context.request());
        var name = place(context.request().path());
        context.vertx()
                .executeBlocking(() -> look(visitor, name), false)
                .onSuccess(found -> answer(context, found))
                .onFailure(failure -> Answers.send(context, problem(failure)));
    }

    /** What cannot be written down is not shown. */
    private Found look(Visitor visitor, String[] name) throws IOException {
        var found = name.length < 2 ? new Found.Unknown() : files.find(name[0], name[1]);
        if (found instanceof Here here) {
            var look = visitor.person() + " " + visitor.address() + " " + here.id();
            if (isNew(look)) {
                audit.viewed(visitor, "view-file", name[0], "_sync_files", here.id());
                remember(look);
            }
        }
        return found;
    }

    private boolean isNew(String look) {
        synchronized (looks) {
            var before = looks.get(look);
            return before == null || System.nanoTime() - before > SAME_LOOK.toNanos();
        }
    }

    private void remember(String look) {
        synchronized (looks) {
            looks.put(look, System.nanoTime());
        }
    }

    private static void answer(RoutingContext context, Found found) {
        if (found instanceof Here here) {
            send(context, here);
        } else if (found instanceof Found.NotYet coming) {
            Answers.send(
                    context, new Problem(ProblemCode.FILE_NOT_HERE, coming.id().toString()));
        } else {
            Answers.send(context, new Problem(ProblemCode.FILE_UNKNOWN));
        }
    }

    private static void send(RoutingContext context, Here file) {
        var etag = '"' + file.etag() + '"';
        var response = context.response()
                .putHeader("Content-Type", file.type())
                .putHeader("Content-Disposition", disposition(file))
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        if (!file.etag().isEmpty()) {
            response.putHeader("ETag", etag);
        }
        if (!file.etag().isEmpty() && etag.equals(context.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        var ifRange = Optional.ofNullable(context.request().getHeader("If-Range"));
        var asked = ifRange.filter(known -> file.etag().isEmpty() || !known.equals(etag))
                        .isPresent()
                ? Optional.<String>empty()
                : Optional.ofNullable(context.request().getHeader("Range"));
        var range = asked.flatMap(text -> ByteRange.parse(text, file.size()));
        if (range.filter(ByteRange::isOutside).isPresent()) {
            response.putHeader("Content-Range", "bytes */" + file.size())
                    .setStatusCode(416)
                    .end();
            return;
        }
        var part = range.orElseGet(() -> ByteRange.all(file.size()));
        if (range.isPresent()) {
            response.setStatusCode(206)
                    .putHeader("Content-Range", "bytes " + part.from() + "-" + part.to() + "/" + file.size());
        }
        if (context.request().method().name().equals("HEAD") || part.length() == 0) {
            response.putHeader("Content-Length", String.valueOf(part.length())).end();
        } else {
            response.sendFile(file.place().toString(), part.from(), part.length())
                    .onFailure(context::fail);
        }
    }

    private static String disposition(Here file) {
        var name = file.place().getFileName().toString();
        return (SHOWN.matcher(file.type()).matches() ? "inline" : "attachment") + "; filename*=UTF-8''"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The bucket and the name in it; none where the address only comes to ours when it is tidied up, since it was not guarded as
     * ours, and none with a NUL, which no name has and no database takes.
     */
    private static String[] place(String path) {
        if (!Access.isFile(path) || path.contains("%00")) {
            return new String[0];
        }
        try {
            var words = path.substring(PLACE.length()).split("/", 2);
            for (int word = 0; word < words.length; word++) {
                words[word] = URLDecoder.decode(words[word].replace("+", "%2B"), StandardCharsets.UTF_8);
            }
            return words;
        } catch (IllegalArgumentException unfit) {
            return new String[0];
        }
    }

    private static Problem problem(Throwable failure) {
        return Problem.in(failure)
                .orElseGet(() -> new Problem(
                        ProblemCode.RUN_UNEXPECTED, failure.getClass().getSimpleName()));
    }
}
