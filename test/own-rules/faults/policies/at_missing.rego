# METADATA
# title: No at
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.at_missing

findings contains {"level": "info", "message": "x"} if {
	some entry in input.entries
	entry.source.value == "faults.example/at_missing"
}
