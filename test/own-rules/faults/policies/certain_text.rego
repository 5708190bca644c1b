# METADATA
# title: Edits that are none
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.certain_text

findings contains {"level": "info", "message": "x", "at": entry.source.at, "certain": "yes"} if {
	some entry in input.entries
	entry.source.value == "faults.example/certain_text"
}
