# METADATA
# title: Source without a mirror
# description: >-
#   An entry whose list of mirrors is missing, empty, or names only the source itself is no mirror rule: the Machine Config Operator drops it,
#   its mirrorSourcePolicy included. Pulls go to the source. In a disconnected cluster they run into a timeout.
# custom:
#   level: warning
#   fix: Add a mirror that holds the images, or remove the entry.
#   versions: all; an error in a disconnected cluster and where it sets NeverContactSource, an info where a broader source has mirrors
#   situations: [from-the-internet, ignored]
package mirrorproof.rules.source_without_mirror

import data.mirrorproof.lib

findings contains {"level": level(entries), "message": message, "at": entry.source.at, "related": related} if {
	some source in input.sources
	entries := [input.entries[index] | some index in source.entries; idle(input.entries[index])]
	entry := entries[0]
	message := $"source `{entry.source.value}` {lack(entry)}{everywhere(count(entries))}, so {what(count(entries))} ignored{consequence(entries)}"
	related := [{"at": other.source.at, "message": note} |
		some index, other in entries
		index > 0
		note := $"nor has it one in {lib.title_of(other)}"
	]
}

idle(entry) if {
	not entry.effective
	not entry.mirrored
	not refused(entry)
}

# That its own mirror is the source says another rule, and the operator then drops more than the entry.
refused(entry) if {
	entry.policy == "NeverContactSource"
	count(entry.mirrors) > 0
}

lack(entry) := "has no mirror" if count(entry.mirrors) == 0

lack(entry) := "has no mirror but itself" if count(entry.mirrors) > 0

everywhere(1) := ""

everywhere(number) := $" in any of {number} entries" if number > 1

what(1) := "the entry is"

what(number) := "they are" if number > 1

forbidding(entries) if {
	some entry in entries
	entry.policy == "NeverContactSource"
}

consequence(entries) := $"; the mirrors of `{entries[0].coveredBy}` serve it" if {
	entries[0].coveredBy
} else := " and its NeverContactSource with it" if {
	forbidding(entries)
} else := ""

level(entries) := "info" if {
	entries[0].coveredBy
} else := "error" if {
	forbidding(entries)
} else := "error" if {
	input.cluster.disconnected
} else := "warning"
