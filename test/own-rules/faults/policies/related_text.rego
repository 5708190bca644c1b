# METADATA
# title: Related that is a text
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.related_text

findings contains {"level": "info", "message": "x", "at": entry.source.at, "related": "y"} if {
	some entry in input.entries
	entry.source.value == "faults.example/related_text"
}
