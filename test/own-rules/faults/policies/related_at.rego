# METADATA
# title: Related that is nowhere
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.related_at

findings contains {"level": "info", "message": "x", "at": entry.source.at, "related": [{"message": "y", "at": {"doc": -1, "path": []}}]} if {
	some entry in input.entries
	entry.source.value == "faults.example/related_at"
}
