# METADATA
# title: A rule that takes all memory
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.greedy

findings contains {"level": "info", "message": text, "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/greedy"
	text := concat("", [long | some _ in numbers.range(1, 100)])
}

long := concat("", [line | some _ in numbers.range(1, 1000000)])

line := "................................................................"
