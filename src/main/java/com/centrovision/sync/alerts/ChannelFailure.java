package com.centrovision.sync.alerts;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/** Why a message was not sent, in one word and a number: what servers write in their answers may hold anything. */
final class ChannelFailure {
    private ChannelFailure() {}

    static String word(Throwable failure) {
        var causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(8)
                .toList();
        return causes.stream()
                .flatMap(cause -> known(cause).stream())
                .findFirst()
                .orElseGet(() -> name(causes.get(causes.size() - 1)));
    }

    /** A plain MessagingException is Angus's own refusal, such as of a server that offers no STARTTLS. */
    private static List<String> known(Throwable cause) {
        if (cause instanceof ChannelRefusedException refused) {
            return List.of("refused " + refused.status());
        } else if (cause instanceof AuthenticationFailedException) {
            return List.of("login-refused");
        } else if (cause instanceof SMTPSendFailedException refused) {
            return List.of("refused " + refused.getReturnCode());
        } else if (cause instanceof SMTPAddressFailedException refused) {
            return List.of("refused " + refused.getReturnCode());
        } else if (cause instanceof SSLException) {
            return List.of("tls");
        } else if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
            return List.of("timeout");
        } else if (cause instanceof IOException && cause.getClass() != IOException.class) {
            return List.of("no-answer " + name(cause));
        } else if (cause instanceof MessagingException && cause.getCause() == null) {
            return List.of("refused " + name(cause));
        }
        return List.of();
    }

    private static String name(Throwable cause) {
        return cause.getClass().getSimpleName();
    }
}
