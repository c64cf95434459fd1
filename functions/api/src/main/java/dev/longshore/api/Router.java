package dev.longshore.api;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.task.Spelling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which request goes where, and which scope it needs. */
final class Router {
    /** What answers a request. */
    interface Answerer {
        /**
         * @param id the path's text in the place of {@code {id}}, or of another name in braces; empty without one
         * @param caller whose key it was
         */
        HttpResponse answer(HttpRequest request, String id, ApiKey caller);
    }

    /** What answers a request without a key. */
    interface PublicAnswerer {
        HttpResponse answer(HttpRequest request);
    }

    private static final ApiKey ANONYMOUS = ApiKey.of("", "", "", Set.of(), Instant.EPOCH);

    /**
     * @param ofTask whether it checks by itself which tasks the caller's key may access
     * @param parameters those that its query may have; null for a page, to which links may add anything
     */
    private record Route(
            String method,
            List<String> path,
            @Nullable Scope scope,
            boolean ofTask,
            @Nullable Set<String> parameters,
            Answerer answerer) {}

    private final Authenticator authenticator;
    private final Logged logged;
    private final List<Route> routes = new ArrayList<>();

    Router(Authenticator authenticator, Logged logged) {
        this.authenticator = authenticator;
        this.logged = logged;
    }

    /**
     * A call about all tasks, or none: it is refused to keys that are restricted to tasks. What needs the scope of operators, and
     * what changes keys, goes into the operators' log.
     *
     * @param parameters those that the query may have; any other is refused
     */
    Router route(String method, String path, Scope scope, Answerer answerer, String... parameters) {
        return add(method, path, scope, false, answerer, parameters);
    }

    /** A call about one task, whose answerer refuses it to a key that is restricted to others. */
    Router taskRoute(String method, String path, Scope scope, Answerer answerer, String... parameters) {
        return add(method, path, scope, true, answerer, parameters);
    }

    private Router add(
            String method, String path, Scope scope, boolean ofTask, Answerer answerer, String... parameters) {
        boolean isLogged = scope == Scope.OPERATE || (scope == Scope.ADMIN && !method.equals("GET"));
        Answerer full = isLogged ? logged.around(method + " " + path, answerer) : answerer;
        routes.add(new Route(method, segments(path), scope, ofTask, new LinkedHashSet<>(List.of(parameters)), full));
        return this;
    }

    /** What answers without a key. */
    Router open(String method, String path, PublicAnswerer answerer) {
        routes.add(new Route(
                method, segments(path), null, true, Set.of(), (request, id, caller) -> answerer.answer(request)));
        return this;
    }

    /** A page, script or style sheet for browsers. */
    Router page(String path, PublicAnswerer answerer) {
        routes.add(
                new Route("GET", segments(path), null, true, null, (request, id, caller) -> answerer.answer(request)));
        return this;
    }

    /** @throws Problem 404, 405, 401, 403, or 400 for the query, before anything is read of the request's body */
    HttpResponse route(HttpRequest request) {
        List<String> path = segments(request.path());
        TreeSet<String> allowed = new TreeSet<>();
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        for (Route route : at(path)) {
            if (route.method().equals(method)) {
                ApiKey caller = route.scope() == null ? ANONYMOUS : authenticator.require(route.scope(), request);
                if (!route.ofTask() && !caller.tasks().isEmpty()) {
                    throw Problem.restricted(
                            caller, "this call is about all tasks; use a key that is not restricted to any");
                }
                if (route.parameters() != null) {
                    QueryParameters.requirePossible(request.query(), route.parameters());
                }
                return route.answerer().answer(request, id(route.path(), path), caller);
            }
            allowed.add(route.method());
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        throw allowed.isEmpty()
                ? unknownPath(request.path())
                : Problem.methodNotAllowed(request.method(), String.join(", ", allowed));
    }

    /** The routes of a path; a literal name takes precedence over an id in the same place. */
    private List<Route> at(List<String> path) {
        List<Route> writtenOut =
                routes.stream().filter(route -> route.path().equals(path)).toList();
        return writtenOut.isEmpty()
                ? routes.stream().filter(route -> matches(route.path(), path)).toList()
                : writtenOut;
    }

    /** Every method and path there is, as {@code GET /v1/jobs/{id}}. */
    List<String> calls() {
        return routes.stream()
                .map(route -> route.method() + " " + String.join("/", route.path()))
                .toList();
    }

    /** The parameters of each call's query; those of pages are theirs alone and left out. */
    Map<String, Set<String>> queryParameters() {
        Map<String, Set<String>> parameters = new TreeMap<>();
        routes.stream()
                .filter(route -> route.parameters() != null)
                .forEach(route ->
                        parameters.put(route.method() + " " + String.join("/", route.path()), route.parameters()));
        return parameters;
    }

    private Problem unknownPath(String path) {
        List<String> paths = routes.stream()
                .map(route -> String.join("/", route.path()))
                .distinct()
                .toList();
        return Problem.notFound(
                "There is nothing at this path" + Spelling.end(path, paths) + " GET /openapi.json lists all paths");
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    private static boolean matches(List<String> route, List<String> path) {
        if (route.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < route.size(); i++) {
            if (!route.get(i).equals(path.get(i))
                    && !(isVariable(route.get(i)) && !path.get(i).isEmpty())) {
                return false;
            }
        }
        return true;
    }

    private static String id(List<String> route, List<String> path) {
        for (int i = 0; i < route.size(); i++) {
            if (isVariable(route.get(i))) {
                return path.get(i);
            }
        }
        return "";
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }
}
