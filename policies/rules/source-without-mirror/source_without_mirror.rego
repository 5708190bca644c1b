# METADATA
# title: Source without a mirror
# description: >-
#   An entry whose list of mirrors is missing, empty, or names only the source itself is no mirror rule: the Machine Config Operator drops it,
#   its mirrorSourcePolicy included. Pulls go to the source. In a disconnected cluster they run into a timeout.
# custom:
#   level: warning
#   fix: Name a mirror that holds the images (in place of the source, where it names itself), or remove the entry.
#   versions: all; an error in a disconnected cluster and where it sets NeverContactSource, an info where a broader source has mirrors that serve it
#   situations: [from-the-internet, ignored]
#   facts: [sources]
package mirrorproof.rules.source_without_mirror

import data.mirrorproof.lib

findings contains {"level": level(entries, key[1]), "message": message, "at": entry.source.at, "related": related} if {
	some key, indexes in idle
	entries := [input.entries[index] | some index in sort(indexes)]
	entry := entries[0]
	message := $"source `{entry.source.value}` {lack(entry)}{everywhere(count(entries))}, so {what(count(entries))} ignored{policy(entries)}{serves(key[1])}"
	related := [{"at": other.source.at, "message": note} |
		some index, other in entries
		index > 0
		note := $"nor has it one in {lib.title_of(other)}"
	]
}

# By source and the broader one whose mirrors serve it, entries that the operator drops.
idle[[entry.source.value, object.get(entry, "coveredBy", "")]] contains index if {
	some index, entry in input.entries
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

pronoun(1) := "it"

pronoun(number) := "them" if number > 1

forbidding(entries) if {
	some entry in entries
	entry.policy == "NeverContactSource"
}

policy(entries) := $" and its NeverContactSource with {pronoun(count(entries))}" if forbidding(entries)

policy(entries) := "" if not forbidding(entries)

serves("") := ""

serves(broader) := $"; the mirrors of `{broader}` serve it" if broader != ""

level(entries, broader) := "error" if {
	forbidding(entries)
	not broader in forbidden
} else := "info" if {
	broader != ""
} else := "error" if {
	input.cluster.disconnected
} else := "warning"

# What serves it forbids the source as well.
forbidden contains source.source if {
	some source in input.sources
	lib.never(source)
}
