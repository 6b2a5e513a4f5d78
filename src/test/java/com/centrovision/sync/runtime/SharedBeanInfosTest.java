package com.centrovision.sync.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class SharedBeanInfosTest {
    @Test
    void beansOfAKindShareADescriptionAndAnswerForThemselves() throws Exception {
        try (var camel = new DefaultCamelContext()) {
            camel.getCamelContextExtension().setManagementMBeanAssembler(new SharedBeanInfos(camel));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:one").setBody().constant(1).id("step-one");
                    from("direct:two").setBody().constant(2).id("step-two");
                }
            });
            camel.start();
            camel.createProducerTemplate().sendBody("direct:two", "");

            var server = camel.getManagementStrategy().getManagementAgent().getMBeanServer();
            var calls = new ArrayList<>();
            var descriptions = new ArrayList<>();
            for (var step : List.of("step-one", "step-two")) {
                var bean = bean(server, camel.getName(), step);
                calls.add(server.getAttribute(bean, "ProcessorId") + " " + server.getAttribute(bean, "ExchangesTotal"));
                descriptions.add(server.getMBeanInfo(bean).getAttributes()[0]);
            }

            assertEquals(List.of("step-one 0", "step-two 1"), calls);
            assertSame(descriptions.get(0), descriptions.get(1));
        }
    }

    private static ObjectName bean(MBeanServer server, String context, String step) throws Exception {
        var names = server.queryNames(new ObjectName("org.apache.camel:type=processors,name=\"" + step + "\",*"), null);
        return names.stream()
                .filter(name -> name.getKeyProperty("context").contains(context))
                .findFirst()
                .orElseThrow();
    }
}
