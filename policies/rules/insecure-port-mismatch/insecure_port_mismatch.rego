# METADATA
# title: Insecure registry that leaves out the port of the mirror
# description: >-
#   A port is not part of its host: `mirror.example.com` in `insecureRegistries` does not cover a mirror `mirror.example.com:5000/…`, nor the reverse.
#   Nodes verify TLS there, and fail with `x509: certificate signed by unknown authority` or `http: server gave HTTP response to HTTPS client`.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Write the registry in `insecureRegistries` as the mirror is written, with its port.
#   versions: all; a warning where both have a port, for these may be two registries
#   situations: [certificate, pull-fails]
#   logs:
#   - 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
#   - 'http: server gave HTTP response to HTTPS client'
#   facts: [scopes]
package mirrorproof.rules.insecure_port_mismatch

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": scope.at, "related": related, "edits": edits, "certain": certain(level, scope, near)} if {
	some scope in input.scopes
	near := scope.near
	input.hosts[lib.host(near.value)].trusted != "yes"
	not input.imageHosts[lib.host(scope.value)] # then it is a registry of its own
	sets := [input.mirrorSets[near.set]]
	doubt := two(scope, near)
	level := grade(doubt, scope, sets)
	message := $"`{scope.value}` in `insecureRegistries` does not cover the mirror `{near.value}`: the ports differ, so nodes verify its certificate{doubt}{lib.condition_with(scope, sets)}"
	related := [{"at": near.at, "message": "the mirror"}]
	rest := trim_prefix(scope.value, lib.host(scope.value))
	edits := [{"op": "replace", "at": scope.at, "value": concat("", [lib.host(near.value), rest])}]
}

two(scope, near) := " (unless these are two registries)" if {
	contains(lib.host(scope.value), ":")
	contains(lib.host(near.value), ":")
} else := ""

grade("", scope, sets) := lib.error_with(scope, sets)

grade(doubt, _, _) := "warning" if doubt != ""

# The port is missing, and mirrors are on one port of that host.
certain(level, scope, near) if {
	level == "error"
	lib.host(scope.value) == scope.value
	not contains(scope.value, ":")
	contains(lib.host(near.value), ":")
	count([name | some name, _ in input.hosts; split(name, ":")[0] == scope.value]) == 1
} else := false
