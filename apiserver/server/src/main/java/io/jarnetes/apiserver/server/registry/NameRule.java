package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;

/** What a kind's objects may be called. */
public enum NameRule {
    SUBDOMAIN {
        @Override
        List<String> check(String name) {
            return NameRules.dns1123Subdomain(name);
        }
    },
    LABEL {
        @Override
        List<String> check(String name) {
            return NameRules.dns1123Label(name);
        }
    },
    LABEL_1035 {
        @Override
        List<String> check(String name) {
            return NameRules.dns1035Label(name);
        }
    },
    PATH_SEGMENT {
        @Override
        List<String> check(String name) {
            return NameRules.pathSegment(name, false);
        }
    };

    abstract List<String> check(String name);

    /**
     * @param prefix it is a generateName, whose end may be a dash
     */
    public List<String> validate(String name, boolean prefix) {
        boolean dashed = prefix && this != PATH_SEGMENT && name.endsWith("-");
        return check(dashed ? name.substring(0, name.length() - 1) + "a" : name);
    }
}
