# METADATA
# title: A finding that is a text
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.not_object

findings contains "a text" if {
	some entry in input.entries
	entry.source.value == "faults.example/not_object"
}
