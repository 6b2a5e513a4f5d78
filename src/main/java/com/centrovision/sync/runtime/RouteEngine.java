package com.centrovision.sync.runtime;

import com.centrovision.sync.cloud.CloudAnswer;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.TableRoutes;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.SimpleTypeConverter;

/** Camel, set up for the files in {@code routes}: those that are there once, and those of each table. */
final class RouteEngine {
    private final Main camel = new Main();

    /** For what is bound before the start. */
    Main camel() {
        return camel;
    }

    CamelContext context() {
        return camel.getCamelContext();
    }

    /** @throws Problem where a route file is unfit; nothing runs then */
    void start(Path home, Properties properties, DeclaredTables declared, TableRoutes routes) {
        camel.setInitialProperties(properties);
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy()); // Signals are the command's.
        camel.configure().withBasePackageScanEnabled(false);
        camel.setPropertyPlaceholderLocations("file:" + home.resolve("config/application.properties"));
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
                prepare(main.getCamelContext());
            }
        });
        try {
            camel.init();
            for (var table : declared.tables()) {
                routes.add(table);
            }
            camel.start(); // all timers at once, so that the tables' passes share the lanes
        } catch (Problem problem) {
            throw problem;
        } catch (Exception failure) {
            throw new Problem(ProblemCode.ROUTES_UNFIT, String.valueOf(failure.getMessage())).causedBy(failure);
        }
    }

    private static void prepare(CamelContext context) {
        context.getCamelContextExtension().setManagementMBeanAssembler(new SharedBeanInfos(context));
        // Without it every request looks through all converters: a fourteenth of its processor time.
        context.getTypeConverterRegistry()
                .addTypeConverter(
                        HttpMethods.class,
                        String.class,
                        new SimpleTypeConverter(false, (type, exchange, name) -> HttpMethods.valueOf((String) name)));
        context.getTypeConverterRegistry()
                .addTypeConverter(
                        String.class,
                        CloudAnswer.class,
                        new SimpleTypeConverter(false, (type, exchange, answer) -> ((CloudAnswer) answer).text()));
    }

    void stop() {
        camel.stop();
    }
}
