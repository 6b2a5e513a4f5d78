package com.centrovision.sync.problem;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;

/** Writes an instant as ISO 8601 in UTC. */
final class InstantText extends SimpleModule {
    private static final long serialVersionUID = 1;

    InstantText() {
        addSerializer(Instant.class, new Iso());
    }

    private static final class Iso extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1;

        Iso() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.toString());
        }
    }
}
