package com.centrovision.sync.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys of the lab's project: legacy tokens signed with the project's secret, and the newer opaque ones. */
record CloudKeys(String jwtSecret, String anonKey, String serviceKey, String publishableKey, String secretKey) {
    private static final long YEAR_2100 = 4_102_444_800L;

    static CloudKeys generate() {
        var secret = random(24);
        return new CloudKeys(
                secret,
                token(secret, "anon"),
                token(secret, "service_role"),
                "sb_publishable_" + random(16),
                "sb_secret_" + random(16));
    }

    boolean isKnown(String key) {
        return key.equals(anonKey) || key.equals(serviceKey) || opaque(key).isPresent();
    }

    /** The token that the gateway sends on in place of an opaque key. */
    Optional<String> opaque(String key) {
        if (key.equals(secretKey)) {
            return Optional.of(serviceKey);
        }
        return key.equals(publishableKey) ? Optional.of(anonKey) : Optional.empty();
    }

    static String random(int bytes) {
        var value = new byte[bytes];
        new SecureRandom().nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    private static String token(String secret, String role) {
        var content = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
                + base64("{\"iss\":\"supabase\",\"ref\":\"lab\",\"role\":\"" + role + "\",\"exp\":" + YEAR_2100 + "}");
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
