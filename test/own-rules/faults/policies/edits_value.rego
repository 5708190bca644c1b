# METADATA
# title: Edits that are none
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.edits_value

findings contains {"level": "info", "message": "x", "at": entry.source.at, "edits": [{"op": "replace", "at": entry.source.at, "value": 1}]} if {
	some entry in input.entries
	entry.source.value == "faults.example/edits_value"
}
