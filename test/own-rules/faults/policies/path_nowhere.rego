# METADATA
# title: A path that leads nowhere, which is allowed
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.path_nowhere

findings contains {"level": "info", "message": "leads nowhere", "at": {"doc": entry.source.at.doc, "path": ["spec", "no", "such", 7], "key": true}} if {
	some entry in input.entries
	entry.source.value == "faults.example/path_nowhere"
}
