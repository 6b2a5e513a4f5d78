package com.centrovision.sync.console;

import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.camel.Header;

/** What stands on the page, in the language that the page asks for. Threads share it. */
public final class PageTexts {
    private static final Pattern SHOWN =
            Pattern.compile("(console|status\\.mode|status\\.reason|conflict\\.kind|conflict\\.winner)\\..*");

    /** Called by the route {@code console-texts}. */
    public String all(@Header("Accept-Language") String language) throws JsonProcessingException {
        var bundle = Text.bundle(Answers.language(language));
        var texts = new TreeMap<String, String>();
        bundle.keySet().stream()
                .filter(key -> SHOWN.matcher(key).matches())
                .forEach(key -> texts.put(key, bundle.getString(key)));
        return Json.of(texts);
    }
}
