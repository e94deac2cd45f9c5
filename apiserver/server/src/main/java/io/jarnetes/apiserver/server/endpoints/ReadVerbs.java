package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.storage.StoredObject;

/** get, list, watch. */
final class ReadVerbs {

    private final WatchHandler watches;

    ReadVerbs(WatchHandler watches) {
        this.watches = watches;
    }

    void handle(Call call) throws InterruptedException {
        if (call.query().flag("export")) {
            throw ApiException.badRequest(
                    "the export parameter, deprecated since v1.14, is no longer supported");
        }
        RequestInfo info = call.info();
        boolean named = info.parts().size() > 1 && !info.parts().get(1).isEmpty();
        boolean oldWatch = info.verb().equals("watch");
        if (oldWatch) {
            watch(call, named);
        } else if (named) {
            get(call);
        } else {
            list(call);
        }
    }

    private static void get(Call call) {
        String version = call.query().text("resourceVersion");
        StoredObject object =
                call.store().get(call.readContext(), call.info().parts().get(1), version);
        call.answer().send(200, call.encoder().contentType(), call.encoder().object(object));
    }

    private static void list(Call call) {
        ListOptions options = call.query().listOptions();
        byte[] body = call.encoder().list(call.store().list(call.readContext(), options));
        call.answer().send(200, call.encoder().contentType(), body);
    }

    /**
     * @param named the old {@code /watch/…/NAME}: only that object
     */
    private void watch(Call call, boolean named) throws InterruptedException {
        ListOptions options = call.query().listOptions();
        if (named) {
            String name = "metadata.name=" + call.info().parts().get(1);
            options =
                    new ListOptions(
                            options.labelSelector(),
                            options.fieldSelector().isEmpty()
                                    ? name
                                    : options.fieldSelector() + "," + name,
                            options.resourceVersion(),
                            options.resourceVersionMatch(),
                            options.limit(),
                            options.continueToken(),
                            options.allowWatchBookmarks(),
                            options.sendInitialEvents(),
                            options.timeout());
        }
        watches.run(call.store(), call.readContext(), options, call.encoder(), call.response());
    }
}
