package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;

/** What Hawtio and JConsole find in a running service: each table's own route with its own steps. */
class JmxIT {
    private final Lab lab = SharedLab.get();

    @Test
    void everyTablesRouteAndItsStepsAreCountedUnderTheirOwnNames()
            throws IOException, JMException, AttachNotSupportedException {
        lab.resetCloud();
        lab.cloud().generate("jmx", 30);
        var clinic = lab.newClinic();
        var expected = new ArrayList<String>();
        for (var table : BothSides.tables(lab.cloud())) {
            expected.add("routes " + table + "-down");
            for (var step : List.of("get", "split", "copy", "metadata")) {
                if (lab.cloud().count(table) > 0 || !step.equals("copy")) {
                    expected.add("processors " + table + "-" + step);
                }
            }
        }

        try (var image = Image.of(lab, clinic)) {
            var service = image.start("run");
            await().atMost(Duration.ofSeconds(120)).ignoreExceptions().until(() -> service.err()
                    .contains("service started"));
            try (var connector = connect(service.pid())) {
                var beans = connector.getMBeanServerConnection();
                await().atMost(Duration.ofSeconds(120))
                        .untilAsserted(() -> assertEquals(List.of(), withoutCalls(beans, expected)));
            }
        }
    }

    /** Those of the names that no bean, or one that was never used, stands for. */
    private static List<String> withoutCalls(MBeanServerConnection beans, List<String> names)
            throws IOException, JMException {
        var missing = new ArrayList<String>();
        for (var name : names) {
            var parts = name.split(" ");
            var found = beans.queryNames(
                    new ObjectName("org.apache.camel:type=%s,name=\"%s\",*".formatted(parts[0], parts[1])), null);
            if (found.size() != 1 || (Long) beans.getAttribute(found.iterator().next(), "ExchangesTotal") == 0) {
                missing.add(name + " " + found.size());
            }
        }
        return missing;
    }

    private static JMXConnector connect(long process) throws IOException, AttachNotSupportedException {
        var machine = VirtualMachine.attach(String.valueOf(process));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }
}
