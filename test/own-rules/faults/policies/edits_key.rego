# METADATA
# title: Edits that are none
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.edits_key

findings contains {"level": "info", "message": "x", "at": entry.source.at, "edits": [{"op": "rename", "at": entry.source.at}]} if {
	some entry in input.entries
	entry.source.value == "faults.example/edits_key"
}
