# METADATA
# title: Findings that are no set
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.no_set

default findings := set()

findings := "a text" if {
	some entry in input.entries
	entry.source.value == "faults.example/no_set"
}
