package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts.Login;
import jakarta.mail.PasswordAuthentication;
import java.util.Optional;
import org.apache.camel.component.mail.MailAuthenticator;

/** Hands user and password to the mail server's session alone; without them, none is asked for. */
public final class MailLogin extends MailAuthenticator {
    private final Optional<Login> login;

    MailLogin(Optional<Login> login) {
        this.login = login;
    }

    @Override
    public PasswordAuthentication getPasswordAuthentication() {
        return login.map(given -> new PasswordAuthentication(given.user(), given.password()))
                .orElseGet(() -> new PasswordAuthentication(null, null));
    }
}
