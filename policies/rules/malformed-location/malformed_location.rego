# METADATA
# title: Source or mirror that is no location
# description: >-
#   A source or mirror is `host[:port][/path]`, the path in lower case (a source may also be `*.host`). The API server refuses anything else in
#   ImageDigestMirrorSet and ImageTagMirrorSet, but not in ImageContentSourcePolicy. From OpenShift 4.16 on the Machine Config Operator
#   refuses it there too: then no mirror change of any object reaches any node, and an upgrade from 4.15 stalls. Before 4.16 it is written
#   to registries.conf as it stands, where it breaks pulls or silently matches nothing.
# related_resources:
# - description: Validation of ICSP since 4.16
#   ref: https://issues.redhat.com/browse/OCPBUGS-19427
# custom:
#   level: error
#   fix: Write it as `host[:port][/path]`, without scheme, tag, digest or trailing slash, with the path in lower case and a DNS name for an IPv6 address.
#   versions: all; for an ICSP before 4.16 (or where the version is not known) a warning if pulls still work
#   situations: [nothing-applied, upgrade-stuck, pull-fails]
#   logs:
#   - 'could not update registries config with new changes: invalid format for source "…"'
#   - 'could not update registries config with new changes: invalid format for mirror "…"'
#   - 'could not update registries config with new changes: wildcard entries are not supported with mirror configuration "…"'
#   - 'could not update registries config with new changes: invalid empty entry for source configuration'
#   - 'loading registries configuration "/etc/containers/registries.conf": invalid location ''https://…'': URI schemes are not supported'
#   - 'rewriting reference: invalid reference format'
#   facts: [locations]
package mirrorproof.rules.malformed_location

import data.mirrorproof.lib

findings contains {"level": verdict.level, "message": message, "at": location.at, "edits": edits(location), "certain": certain(location)} if {
	some location in input.locations
	verdict := judge(location)
	problem := fault(location)
	message := $"{location.role} `{location.value}` {problem}: {verdict.effect}"
}

faults := {
	"empty": "is empty",
	"scheme": "has a URL scheme",
	"transport": "names a transport",
	"ipv6": "has an IPv6 address",
	"wildcard": "has a wildcard where none is allowed",
	"digest": "has a digest",
	"trailing-slash": "ends with a slash",
	"tag": "has a tag",
	"upper-case": "has upper case in its path",
	"characters": "has characters that no location can have",
}

fault(location) := faults[location.malformation]

fault(location) := "is a wildcard" if not location.malformation

harms := {"every-pull": "every pull on the nodes fails", "its-pulls": "every pull of its source fails", "no-match": "it matches no image"}

nothing_applied := "the operator applies no mirror configuration at all"

# The API server goes first, then the operator, then the nodes.
judge(location) := {"level": "error", "effect": "the API server refuses the object"} if {
	location.malformation
	lib.kind_of(location) != "ImageContentSourcePolicy"
} else := {"level": "error", "effect": nothing_applied} if {
	location.refused == "yes"
} else := {"level": "error", "effect": $"{harms[location.harm]}, and from OpenShift 4.16 on {nothing_applied}"} if {
	location.harm
} else := {"level": "warning", "effect": $"from OpenShift 4.16 on {nothing_applied}, which stops the upgrade"} if {
	location.malformation
} else := {"level": "warning", "effect": $"before OpenShift 4.16 {nothing_applied}, and the version of this cluster is not known"} if {
	location.refused == "unknown"
}

edits(location) := [{"op": "replace", "at": location.at, "value": location.meant.value}] if {
	location.meant
} else := []

certain(location) if {
	location.meant.certain
} else := false
