# METADATA
# title: One finding that is right and one that is not
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.half

findings contains {"level": level, "message": "the right half", "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/half"
	some level in ["info", "fatal"]
}
