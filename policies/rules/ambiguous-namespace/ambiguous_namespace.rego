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
#   versions: all; an error where the entries stand in different objects that surely meet, one level less where the narrower mirrors are on the same registries
#   situations: [from-the-internet, pull-fails]
#   facts: [overlaps]
package mirrorproof.rules.ambiguous_namespace

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at, "related": related} if {
	some pull in ["digest", "tag"]
	some index, narrower in hiding[pull]
	source := input.sources[index]
	at := lib.first_entry(source, pull).source.at
	graded := {severity(source, overlap, pull) | some overlap in narrower}
	level := [name | some name in ["error", "warning", "info"]; name in graded][0]
	condition := lib.condition(array.concat(lib.entries_for(source, pull), [first(overlap, pull) | some overlap in narrower]))
	message := $"the mirrors of `{source.source}` are not used for {names(narrower)} when pulling by {pull}: a narrower source hides the broader one entirely{condition}"
	related := [{"at": entry.source.at, "message": note} |
		some overlap in narrower
		entry := first(overlap, pull)
		note := $"`{entry.source.value}` in {lib.title_of(entry)} lacks {lost(input.overlaps[overlap][pull])}"
	]
}

# Overlaps (by index) of a broader source in which both sides have mirrors and some of the broader side's are lost.
hiding[pull][overlap.broad] contains index if {
	some pull in ["digest", "tag"]
	some index, overlap in input.overlaps
	overlap[pull].mirrored
	overlap[pull].lost > 0
}

first(overlap, pull) := lib.first_entry(input.sources[input.overlaps[overlap].narrow], pull)

names(narrower) := $"`{input.sources[input.overlaps[overlap].narrow].source}`" if {
	count(narrower) == 1
	some overlap in narrower
}

names(narrower) := $"{count(narrower)} namespaces inside it" if count(narrower) > 1

lost(hidden) := lib.quoted(hidden.examples) if hidden.lost == count(hidden.examples)

lost(hidden) := $"{lib.quoted(hidden.examples)} and {hidden.lost - count(hidden.examples)} more" if hidden.lost > count(hidden.examples)

# Nobody who writes one of two objects sees the other. Another path on the same registry is mostly meant (oc-mirror writes such), another registry less often.
grades := {"apart": {true: "warning", false: "error"}, "beside": {true: "info", false: "warning"}}

severity(source, overlap, pull) := grades[written(source, overlap, pull)][input.overlaps[overlap][pull].sameRegistries]

written(source, overlap, pull) := "apart" if {
	broader := lib.entries_for(source, pull)
	narrower := lib.entries_for(input.sources[input.overlaps[overlap].narrow], pull)
	count({entry.set | some entry in broader} & {entry.set | some entry in narrower}) == 0
	lib.meet(broader, narrower)
} else := "beside"
