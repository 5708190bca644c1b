# METADATA
# title: An object that there is not
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.at_object

findings contains {"level": "info", "message": "x", "at": {"doc": 0, "path": [], "object": 99}} if {
	some entry in input.entries
	entry.source.value == "faults.example/at_object"
}
