package com.centrovision.sync.demo.show;

import java.io.PrintWriter;
import java.util.Locale;

/** A line for each event, for files, pipes and tests. */
final class PlainLines implements Screen {
    private final PrintWriter out;
    private final Locale locale;

    PlainLines(PrintWriter out, Locale locale) {
        this.out = out;
        this.locale = locale;
    }

    @Override
    public void tell(Event event) {
        out.println(event.line(locale));
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
