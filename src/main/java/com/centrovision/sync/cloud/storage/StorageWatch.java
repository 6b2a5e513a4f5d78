package com.centrovision.sync.cloud.storage;

import com.centrovision.sync.cloud.line.Call;
import com.centrovision.sync.cloud.line.Calls;
import com.centrovision.sync.cloud.line.Patience;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** Has the watchdog look on while a request, or the next bytes of its answer, are waited for. Threads share it. */
final class StorageWatch implements ExecChainHandler {
    private final Calls calls;
    private final Patience patience;

    StorageWatch(Calls calls, Patience patience) {
        this.calls = calls;
        this.patience = patience;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        var call = calls.begin(patience, scope.execRuntime::discardEndpoint);
        calls.waits(call);
        try {
            var response = chain.proceed(request, scope);
            if (response.getEntity() != null) {
                response.setEntity(new WatchedEntity(response.getEntity(), call));
            }
            return response;
        } finally {
            calls.goesOn(call);
        }
    }

    private final class WatchedEntity extends HttpEntityWrapper {
        private final Call call;

        WatchedEntity(HttpEntity entity, Call call) {
            super(entity);
            this.call = call;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new FilterInputStream(super.getContent()) {
                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    calls.waits(call);
                    try {
                        return super.read(buffer, offset, length);
                    } finally {
                        calls.goesOn(call);
                    }
                }
            };
        }
    }
}
