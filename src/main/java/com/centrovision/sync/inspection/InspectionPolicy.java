package com.centrovision.sync.inspection;

import java.util.Set;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * What may be seen of the running service from outside, and done to it: how it works, never what it works on. Whatever is
 * not named here is hidden. Who may ask at all is decided before. Threads share it.
 */
final class InspectionPolicy implements Restrictor {
    private static final String CAMEL = "org.apache.camel";

    /** Of Camel all but what keeps messages or failures: both hold cells of rows. */
    private static final Set<String> CAMEL_TYPES = Set.of(
            "context",
            "routes",
            "processors",
            "steps",
            "endpoints",
            "consumers",
            "producers",
            "components",
            "threadpools",
            "health",
            "routegroup",
            "routecontroller");

    private static final Set<String> MACHINE_TYPES = Set.of(
            "Memory",
            "MemoryPool",
            "MemoryManager",
            "GarbageCollector",
            "Threading",
            "OperatingSystem",
            "ClassLoading",
            "Compilation",
            "Runtime",
            "BufferPool");

    /** What was given on a command line or stands in the environment, and texts of failures. */
    private static final Pattern HIDDEN_ATTRIBUTES = Pattern.compile(
            "SystemProperties|InputArguments|ClassPath|BootClassPath|LibraryPath|LastError|.*Exception.*|.*Password.*");

    private static final Pattern VIEWS = Pattern.compile(
            "(dumpRouteAsXml|dumpRoutesAsXml|dumpStructuredRouteAsXml|dumpRouteStatsAsXml|dumpRoutesStatsAsXml|dumpRoutesStatsAsJSon|dumpRouteStatsAsJSon|"
                    + "dumpStepStatsAsXml|dumpRouteSourceLocationsAsXml|dumpRoutesCoverageAsXml|"
                    + "getState|getStatistics|processorIds)(\\(.*\\))?");

    static final String TRACED = "dumpAllTracedMessagesAsXml";

    private static final Set<String> TRACER_ATTRIBUTES = Set.of("Enabled", "Standby", "QueueSize", "TraceCounter");

    /** What Hawtio sets before it traces; {@link InspectedBeans} lets it have no effect. */
    private static final Set<String> TRACER_WISHES = Set.of("BodyMaxChars", "BodyIncludeStreams", "BodyIncludeFiles");

    private static final Pattern WORK_ON_TRACER =
            Pattern.compile("setEnabled(\\(boolean\\))?|" + TRACED + "(\\(\\))?|clear(\\(\\))?");

    private static final Pattern WORK_ON_ROUTES = Pattern.compile("(start|stop|suspend|resume|reset)(\\(.*\\))?");

    private final boolean mayOperate;

    /** @param mayOperate whether routes may be stopped and started, and messages followed, too */
    InspectionPolicy(boolean mayOperate) {
        this.mayOperate = mayOperate;
    }

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return true;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return switch (type) {
            case READ, LIST, SEARCH, VERSION, EXEC -> true;
            case WRITE -> mayOperate;
            case NOTIFICATION, CONFIG -> false;
        };
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        if (isTracer(name) && !TRACER_ATTRIBUTES.contains(attribute)) {
            return false;
        }
        return !isObjectNameHidden(name)
                && !HIDDEN_ATTRIBUTES.matcher(attribute).matches();
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return mayOperate && isTracer(name) && TRACER_WISHES.contains(attribute);
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        if (isObjectNameHidden(name) || !name.getDomain().equals(CAMEL)) {
            return false;
        }
        if (isTracer(name)) {
            return WORK_ON_TRACER.matcher(operation).matches();
        }
        return VIEWS.matcher(operation).matches()
                || mayOperate
                        && type(name).equals("routes")
                        && WORK_ON_ROUTES.matcher(operation).matches();
    }

    @Override
    public boolean isRemoteAccessAllowed(String... addresses) {
        return true;
    }

    @Override
    public boolean isOriginAllowed(String origin, boolean isStrict) {
        return true;
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return switch (name.getDomain()) {
            case CAMEL -> !CAMEL_TYPES.contains(type(name)) && !(mayOperate && isTracer(name));
            case "java.lang", "java.nio" -> !MACHINE_TYPES.contains(type(name));
            default -> true;
        };
    }

    /** Camel's debugger, which shows what messages carry, is a bean of the same type. */
    static boolean isTracer(ObjectName name) {
        return type(name).equals("tracer") && key(name, "name").equals("BacklogTracer");
    }

    private static String type(ObjectName name) {
        return key(name, "type");
    }

    private static String key(ObjectName name, String key) {
        var value = name.getKeyProperty(key);
        return value == null ? "" : value.replace("\"", "");
    }
}
