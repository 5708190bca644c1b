# METADATA
# title: A rule that takes an hour
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.slow

findings contains {"level": "info", "message": "never", "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/slow"
	some number in many
	some other in many
	number == other
	number < 0
}

many := numbers.range(1, 100000)
