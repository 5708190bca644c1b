# METADATA
# title: Registry of Image/cluster that is none
# description: >-
#   The lists of Image/cluster take `host[:port][/path]` or `*.host`. A wildcard elsewhere makes the Machine Config Operator refuse all of its
#   configuration (`invalid entry for … registries`); a URL with its scheme is written to registries.conf, and then every pull on the nodes fails; with a
#   slash at the end or upper case in the path it matches nothing. A tag or digest counts for blocked and allowed registries, and not for insecure ones.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Write it as `host[:port][/path]`, or `*.host` for all hosts of a domain.
#   versions: all; a warning where the entry matches nothing, or the version is not known
#   situations: [nothing-applied, pull-fails]
#   logs:
#   - 'invalid entry for insecure registries "…"'
#   - 'invalid entry for blocked registries "…"'
#   - 'invalid entry for allowed registries "…"'
#   facts: [scopes]
package mirrorproof.rules.invalid_registry_scope

findings contains {"level": verdict.level, "message": message, "at": scope.at, "edits": edits(scope), "certain": certain(scope)} if {
	some scope in input.scopes
	verdict := judge(scope)
	message := $"{name(scope.value)} in `{scope.field}` {verdict.effect}"
}

name("") := "an empty entry"

name(value) := $"`{value}`" if value != ""

judge(scope) := {"level": "error", "effect": "is no registry: the operator applies no mirror configuration at all"} if {
	scope.refused == "yes"
} else := {"level": "warning", "effect": "is no registry: from OpenShift 4.9 on the operator applies no mirror configuration at all, and the version of this cluster is not known"} if {
	scope.refused == "unknown"
} else := {"level": "error", "effect": "is a URL: every pull on the nodes fails"} if {
	scope.malformation == "scheme"
	scope.list != "allowed"
} else := {"level": "warning", "effect": $"{faults[scope.malformation]}, so it matches no image"} if {
	faults[scope.malformation]
} else := {"level": "warning", "effect": $"{exact[scope.malformation]}, so it matches no image"} if {
	scope.list == "insecure"
	exact[scope.malformation]
} else := {"level": "warning", "effect": $"ends with a slash, so {slashes[scope.list]}"} if {
	scope.malformation == "trailing-slash"
}

faults := {
	"scheme": "is a URL",
	"transport": "names a transport",
	"ipv6": "has an IPv6 address",
	"upper-case": "has upper case in its path",
	"characters": "has characters that no registry has",
}

# policy.json does know single images: the lists of blocked and allowed registries may name them.
exact := {"digest": "has a digest", "tag": "has a tag"}

slashes := {
	"insecure": "it does not cover the mirrors in it",
	"blocked": "policy.json does not reject what is in it",
	"allowed": "it allows no image",
}

edits(scope) := [{"op": "replace", "at": scope.at, "value": scope.meant.value}] if {
	scope.meant
} else := []

# That a registry begins to be blocked is a decision; a URL breaks everything as it is.
certain(scope) if {
	scope.meant.certain
	scope.list != "blocked"
} else if {
	scope.meant.certain
	scope.malformation == "scheme"
} else := false
