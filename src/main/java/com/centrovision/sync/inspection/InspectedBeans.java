package com.centrovision.sync.inspection;

import java.io.IOException;
import javax.management.JMException;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaExecRequest;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.JolokiaWriteRequest;
import org.jolokia.server.core.request.NotChangedException;
import org.jolokia.service.jmx.LocalRequestHandler;

/** Answers what {@link InspectionPolicy} allows; of traced messages only their steps leave the service. Threads share it. */
final class InspectedBeans extends LocalRequestHandler {
    private final InspectionPolicy policy;

    InspectedBeans(InspectionPolicy policy) {
        super(0);
        this.policy = policy;
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous)
            throws IOException, JMException, NotChangedException, BadRequestException, EmptyResponseException {
        if (request instanceof JolokiaWriteRequest write
                && policy.isAttributeWriteAllowed(write.getObjectName(), write.getAttributeName())) {
            return null; // Hawtio sets how much of a body is traced, before it traces: nothing is
        }
        if (request instanceof JolokiaExecRequest exec
                && InspectionPolicy.isTracer(exec.getObjectName())
                && policy.isOperationAllowed(exec.getObjectName(), exec.getOperation())
                && exec.getOperation().startsWith(InspectionPolicy.TRACED)) {
            return TracedSteps.since(exec.getObjectName());
        }
        return super.handleRequest(request, previous);
    }
}
