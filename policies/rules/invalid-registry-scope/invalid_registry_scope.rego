# METADATA
# title: Registry of Image/cluster that is none
# description: >-
#   The lists of Image/cluster take `host[:port][/path]` or `*.host`. A wildcard elsewhere makes the Machine Config Operator refuse all of its
#   configuration (`invalid entry for … registries`); a URL with its scheme is written to registries.conf, and then every pull on the nodes fails; a tag,
#   a digest, a slash at the end or upper case in the path match nothing.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Write it as `host[:port][/path]`, or `*.host` for all hosts of a domain.
#   versions: all; a warning where the entry matches nothing, or the version is not known
#   situations: [nothing-applied, pull-fails]
package mirrorproof.rules.invalid_registry_scope

findings contains {"level": verdict.level, "message": message, "at": scope.at} if {
	some scope in input.scopes
	verdict := judge(scope)
	message := $"`{scope.value}` in `{scope.field}` {verdict.effect}"
}

judge(scope) := {"level": "error", "effect": "is no registry: the operator applies no mirror configuration at all"} if {
	scope.refused == "yes"
} else := {"level": "warning", "effect": "is no registry: from OpenShift 4.9 on the operator applies no mirror configuration at all"} if {
	scope.refused == "unknown"
} else := {"level": "error", "effect": "is a URL: every pull on the nodes fails"} if {
	scope.malformation == "scheme"
	scope.list != "allowed"
} else := {"level": "warning", "effect": "matches no image"} if {
	scope.malformation in {"scheme", "transport", "digest", "tag", "upper-case", "characters"}
} else := {"level": "warning", "effect": "ends with a slash, so policy.json matches no image by it"} if {
	scope.malformation == "trailing-slash"
	scope.list in {"allowed", "blocked"}
}
