package com.centrovision.sync.inspection;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.spi.BacklogTracerEventMessage;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Through which steps messages went, and when, as Camel's tracer saw it: their types and the names of their headers, and
 * nothing of what they carried. Written anew from what is known to be harmless, not cut out of Camel's own text.
 */
final class TracedSteps {
    private static final String ALL = "dumpAllTracedMessages";

    /** Of names, types, times and threads; a message's content can hold anything else. */
    private static final Pattern ODD = Pattern.compile("[^\\w.$\\[\\]: /#()+-]");

    private static final int LONGEST = 200;

    private TracedSteps() {}

    /**
     * What Camel needs so that the tracer can be switched on while routes run. It keeps as little as it can of what it
     * sees: no variables, no properties, the first letter of a body.
     */
    static Properties standby() {
        var properties = new Properties();
        properties.putAll(Map.of(
                "camel.trace.standby", "true",
                "camel.trace.traceTemplates", "true",
                "camel.trace.bodyMaxChars", "1",
                "camel.trace.bodyIncludeStreams", "false",
                "camel.trace.bodyIncludeFiles", "false",
                "camel.trace.includeExchangeProperties", "false",
                "camel.trace.includeExchangeVariables", "false"));
        return properties;
    }

    /** What was traced since the last time, in the form that Hawtio reads. */
    static String since(ObjectName tracer) throws JMException {
        var traced = (Collection<?>)
                ManagementFactory.getPlatformMBeanServer().invoke(tracer, ALL, new Object[0], new String[0]);
        var xml = new StringBuilder("<backlogTracerEventMessages>\n");
        for (var step : traced) {
            write(xml, (BacklogTracerEventMessage) step);
        }
        return xml.append("</backlogTracerEventMessages>").toString();
    }

    private static void write(StringBuilder xml, BacklogTracerEventMessage step) {
        var toNode = step.getToNode() == null ? step.getRouteId() : step.getToNode();
        xml.append("<backlogTracerEventMessage>");
        field(xml, "uid", step.getUid());
        field(xml, "first", step.isFirst());
        field(xml, "last", step.isLast());
        field(xml, "timestamp", Instant.ofEpochMilli(step.getTimestamp()));
        field(xml, "elapsed", step.getElapsed());
        field(xml, "threadName", step.getProcessingThreadName());
        field(xml, "done", step.isDone());
        field(xml, "failed", step.isFailed());
        field(xml, "routeId", step.getRouteId());
        field(xml, "fromRouteId", step.getFromRouteId());
        field(xml, "toNode", toNode);
        field(xml, "exchangeId", step.getExchangeId());
        message(xml, step);
        xml.append("</backlogTracerEventMessage>\n");
    }

    private static void message(StringBuilder xml, BacklogTracerEventMessage step) {
        Map<?, ?> message = Jsoner.deserialize(step.getMessageAsJSon(), new JsonObject())
                .getMapOrDefault("message", new JsonObject());
        xml.append("<message exchangeId=\"")
                .append(harmless(step.getExchangeId()))
                .append("\"><headers>");
        if (message.get("headers") instanceof Collection<?> headers) {
            for (var header : headers) {
                if (header instanceof Map<?, ?> named) {
                    xml.append("<header key=\"")
                            .append(harmless(named.get("key")))
                            .append('"');
                    type(xml, named);
                    xml.append("/>");
                }
            }
        }
        xml.append("</headers><body");
        if (message.get("body") instanceof Map<?, ?> body) {
            type(xml, body);
        }
        xml.append("/></message>");
    }

    private static void type(StringBuilder xml, Map<?, ?> described) {
        if (described.get("type") instanceof String type) {
            xml.append(" type=\"").append(harmless(type)).append('"');
        }
    }

    private static void field(StringBuilder xml, String name, Object value) {
        xml.append('<')
                .append(name)
                .append('>')
                .append(harmless(value))
                .append("</")
                .append(name)
                .append('>');
    }

    private static String harmless(Object value) {
        var text = value == null ? "" : ODD.matcher(value.toString()).replaceAll("?");
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
