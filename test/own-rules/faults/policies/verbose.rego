# METADATA
# title: A rule with a message without end
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.verbose

findings contains {"level": "info", "message": text, "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/verbose"
	text := concat(" ", ["and so on" | some _ in numbers.range(1, 2000)])
}
