package com.centrovision.sync.testing;

import com.centrovision.sync.config.Config;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** A configuration of which some parts are others: each takes the place of the one of its type. */
public final class ConfigWith {
    private ConfigWith() {}

    public static Config parts(Config config, Record... others) {
        var types = Arrays.stream(Config.class.getRecordComponents())
                .map(RecordComponent::getType)
                .toList();
        try {
            var values = new Object[types.size()];
            for (int part = 0; part < values.length; part++) {
                values[part] =
                        Config.class.getRecordComponents()[part].getAccessor().invoke(config);
            }
            for (var other : others) {
                values[types.indexOf(other.getClass())] = other;
            }
            return Config.class.getConstructor(types.toArray(Class<?>[]::new)).newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
