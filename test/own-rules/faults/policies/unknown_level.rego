# METADATA
# title: A level that there is not
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.unknown_level

findings contains {"level": "fatal", "message": "x", "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/unknown_level"
}
