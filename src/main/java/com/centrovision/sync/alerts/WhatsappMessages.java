package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts.Whatsapp;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.component.whatsapp.model.BaseMessage;
import org.apache.camel.component.whatsapp.model.Component;
import org.apache.camel.component.whatsapp.model.Language;
import org.apache.camel.component.whatsapp.model.Parameter;
import org.apache.camel.component.whatsapp.model.TemplateMessage;
import org.apache.camel.component.whatsapp.model.TemplateMessageRequest;
import org.apache.camel.component.whatsapp.model.TextMessage;
import org.apache.camel.component.whatsapp.model.TextMessageRequest;

/** Puts a message into WhatsApp's form: the one parameter of an approved template, or plain text. */
public final class WhatsappMessages {
    private final Whatsapp whatsapp;

    WhatsappMessages(Whatsapp whatsapp) {
        this.whatsapp = whatsapp;
    }

    public BaseMessage of(@Body AlertMessage message) {
        return whatsapp.template()
                .<BaseMessage>map(template -> inTemplate(template, message.text()))
                .orElseGet(() -> plain(message.text()));
    }

    private BaseMessage plain(String text) {
        var content = new TextMessage();
        content.setBody(text);
        var request = new TextMessageRequest();
        request.setTo(whatsapp.to());
        request.setText(content);
        return request;
    }

    private BaseMessage inTemplate(String name, String text) {
        var language = new Language();
        language.setCode(whatsapp.templateLanguage());
        var parameter = new Parameter();
        parameter.setType("text");
        parameter.setText(text);
        var body = new Component();
        body.setType("body");
        body.setParameters(List.of(parameter));
        var template = new TemplateMessage();
        template.setName(name);
        template.setLanguage(language);
        template.setComponents(List.of(body));
        var request = new TemplateMessageRequest();
        request.setTo(whatsapp.to());
        request.setTemplate(template);
        return request;
    }
}
