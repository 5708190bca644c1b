# METADATA
# title: Nested sources whose mirrors disagree
# description: >-
#   A node uses only the entry with the longest matching source. Where a narrower source stands inside a broader one, the broader one's mirrors
#   are not tried at all for the images below the narrower one, not even when the narrower one's mirrors fail. Where the two stand in different
#   objects, neither author sees it.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Give the narrower source the broader one's mirrors too (each with the rest of the path appended), after its own. If the images are on the
#     broader one's mirrors, remove the narrower entry.
#   versions: all; an error where the entries stand in different objects, one level less where the narrower mirrors are on the same registries
package mirrorproof.rules.ambiguous_namespace

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at, "related": related} if {
	some pull in ["digest", "tag"]
	some index, narrower in hiding[pull]
	source := input.sources[index]
	at := lib.first_entry(source, pull).source.at
	graded := {severity(source, overlap, pull) | some overlap in narrower}
	level := [name | some name in ["error", "warning", "info"]; name in graded][0]
	message := $"the mirrors of `{source.source}` are not used for {names(narrower)} when pulling by {pull}: a narrower source hides the broader one entirely"
	related := [{"at": entry.source.at, "message": note} |
		some overlap in narrower
		entry := lib.first_entry(input.sources[input.overlaps[overlap].narrow], pull)
		note := $"`{entry.source.value}` in {lib.title_of(entry)} lacks {lib.quoted(input.overlaps[overlap][pull].lost)}"
	]
}

# Overlaps (by index) of a broader source in which both sides have mirrors and some of the broader side's are lost.
hiding[pull][overlap.broad] contains index if {
	some pull in ["digest", "tag"]
	some index, overlap in input.overlaps
	count(overlap[pull].found) > 0
	count(overlap[pull].lost) > 0
}

names(narrower) := $"`{input.sources[input.overlaps[overlap].narrow].source}`" if {
	count(narrower) == 1
	some overlap in narrower
}

names(narrower) := $"{count(narrower)} namespaces inside it" if count(narrower) > 1

# Nobody who writes one of two objects sees the other. Another path on the same registry is mostly meant (oc-mirror writes such), another registry less often.
grades := {"apart": {"elsewhere": "error", "same": "warning"}, "beside": {"elsewhere": "warning", "same": "info"}}

severity(source, overlap, pull) := grades[written(source, overlap, pull)][registry(input.overlaps[overlap][pull])]

written(source, overlap, pull) := "apart" if {
	narrower := lib.entries_for(input.sources[input.overlaps[overlap].narrow], pull)
	entries := array.concat(lib.entries_for(source, pull), narrower)
	count({entry.set | some entry in entries}) > 1
	lib.together(entries)
} else := "beside"

registry(hidden) := "same" if {
	hosts := {lib.host(mirror) | some mirror in hidden.found}
	every mirror in hidden.lost { lib.host(mirror) in hosts }
} else := "elsewhere"
