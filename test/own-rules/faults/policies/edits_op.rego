# METADATA
# title: Edits that are none
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.edits_op

findings contains {"level": "info", "message": "x", "at": entry.source.at, "edits": [{"op": "move", "at": entry.source.at}]} if {
	some entry in input.entries
	entry.source.value == "faults.example/edits_op"
}
