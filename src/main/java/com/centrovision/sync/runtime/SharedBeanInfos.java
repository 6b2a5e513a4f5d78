package com.centrovision.sync.runtime;

import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.modelmbean.InvalidTargetObjectTypeException;
import javax.management.modelmbean.ModelMBean;
import javax.management.modelmbean.ModelMBeanInfo;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedInstance;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.api.management.NotificationSenderAware;
import org.apache.camel.support.management.DefaultManagementMBeanAssembler;
import org.apache.camel.support.management.MixinRequiredModelMBean;

/**
 * Lets JMX beans of a class share one description. Camel describes each anew: with a bean for every step of every table
 * that was two thirds of all memory in use. Threads share it.
 */
final class SharedBeanInfos extends DefaultManagementMBeanAssembler {
    private final Map<Class<?>, ModelMBeanInfo> known = new HashMap<>();

    SharedBeanInfos(CamelContext camel) {
        super(camel);
    }

    @Override
    public ModelMBean assemble(MBeanServer server, Object managed, ObjectName name) throws JMException {
        if (isSpecial(managed)) {
            return super.assemble(server, managed, name);
        }
        var info = info(managed, name);
        if (info == null) {
            return null;
        }
        var masks = Boolean.TRUE.equals(
                camelContext.getManagementStrategy().getManagementAgent().getMask());
        var bean = new MixinRequiredModelMBean(info, masks, null, null);
        try {
            bean.setManagedResource(managed, "ObjectReference");
        } catch (InvalidTargetObjectTypeException unfit) {
            throw new JMException(unfit.getMessage());
        }
        return bean;
    }

    private static boolean isSpecial(Object managed) {
        return managed instanceof NotificationSenderAware
                || managed instanceof ManagedInstance instance
                        && instance.getInstance() != null
                        && instance.getInstance().getClass().isAnnotationPresent(ManagedResource.class);
    }

    private synchronized ModelMBeanInfo info(Object managed, ObjectName name) throws JMException {
        var info = known.get(managed.getClass());
        if (info == null) {
            info = assembler.getMBeanInfo(camelContext, managed, null, name.toString());
            known.put(managed.getClass(), info);
        }
        return info;
    }
}
