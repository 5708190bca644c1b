# METADATA
# title: Two values of one rule
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.conflict

findings contains {"level": "info", "message": twice(entry), "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/conflict"
}

twice(_) := "a"

twice(_) := "b"
