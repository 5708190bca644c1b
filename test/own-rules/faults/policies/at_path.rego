# METADATA
# title: A path with a negative index
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.at_path

findings contains {"level": "info", "message": "x", "at": {"doc": 0, "path": ["spec", -1]}} if {
	some entry in input.entries
	entry.source.value == "faults.example/at_path"
}
