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
package mirrorproof.rules.malformed_location

import data.mirrorproof.lib

findings contains {"level": verdict.level, "message": message, "at": location.at} if {
	some entry in input.entries
	some [role, location] in locations(entry)
	verdict := judge(entry, role, location)
	problem := fault(location)
	message := $"{role} `{location.value}` {problem}: {verdict.effect}"
}

locations(entry) := array.concat([["source", entry.source]], [["mirror", mirror] | some mirror in entry.mirrors])

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

# What a node does with it where the operator still writes it down (ICSP before 4.16). What is not listed here does no harm yet.
breaks := {
	"source": {
		"scheme": "every pull on the nodes fails",
		"transport": "it matches no image",
		"tag": "it matches no image",
		"digest": "it matches no image",
		"upper-case": "it matches no image",
		"ipv6": "it matches no image",
		"characters": "it matches no image",
	},
	"mirror": {
		"scheme": "every pull on the nodes fails",
		"transport": "every pull of its source fails",
		"tag": "every pull of its source fails",
		"digest": "every pull of its source fails",
		"upper-case": "every pull of its source fails",
		"ipv6": "every pull of its source fails",
		"characters": "every pull of its source fails",
		"trailing-slash": "every pull of its source fails",
	},
}

judge(entry, _, location) := {"level": "error", "effect": "the API server refuses the object"} if {
	location.malformation
	lib.kind_of(entry) != "ImageContentSourcePolicy"
}

judge(entry, _, location) := {"level": "error", "effect": "the operator applies no mirror configuration at all"} if {
	location.malformation
	lib.kind_of(entry) == "ImageContentSourcePolicy"
	operator_refuses(location)
}

judge(entry, role, location) := {"level": "error", "effect": effect} if {
	lib.kind_of(entry) == "ImageContentSourcePolicy"
	not operator_refuses(location)
	broken := breaks[role][location.malformation]
	effect := $"{broken}, and from OpenShift 4.16 on the operator applies no mirror configuration at all"
}

judge(entry, role, location) := {"level": "warning", "effect": "from OpenShift 4.16 on the operator applies no mirror configuration at all, which stops the upgrade"} if {
	location.malformation
	lib.kind_of(entry) == "ImageContentSourcePolicy"
	not operator_refuses(location)
	not breaks[role][location.malformation]
}

judge(_, "source", location) := {"level": "error", "effect": "before OpenShift 4.16 the operator then applies no mirror configuration at all"} if {
	location.wildcard
	not location.malformation
	lib.before([4, 16])
}

operator_refuses(_) if lib.at_least([4, 16])

operator_refuses(location) if location.malformation in {"empty", "wildcard"}
