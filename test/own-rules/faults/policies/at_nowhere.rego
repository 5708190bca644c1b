# METADATA
# title: A document that there is not
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.at_nowhere

findings contains {"level": "info", "message": "x", "at": {"doc": 99, "path": []}} if {
	some entry in input.entries
	entry.source.value == "faults.example/at_nowhere"
}
