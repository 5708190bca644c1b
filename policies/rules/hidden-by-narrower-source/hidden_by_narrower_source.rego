# METADATA
# title: A narrower source of the other kind takes the mirrors away
# description: >-
#   IDMS, ITMS and ICSP all write into the same registries.conf entries, one per source. A narrower source that has mirrors for one kind of pull
#   only (an ITMS serves tags, an IDMS or ICSP digests) hides the broader source for the other kind too: those pulls go straight to the source.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Add the missing kind for the narrower source: an ImageDigestMirrorSet entry for pulls by digest, an ImageTagMirrorSet entry for pulls by tag, with
#     the broader source's mirrors and the rest of the path appended.
#   versions: 4.13 and later; an error in a disconnected cluster and where the pulls are blocked
#   situations: [from-the-internet, pull-fails]
#   facts: [overlaps]
#   absent: [ImageContentSourcePolicy, ImageDigestMirrorSet, ImageTagMirrorSet]
package mirrorproof.rules.hidden_by_narrower_source

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at, "related": related} if {
	some pull, other in {"digest": "tag", "tag": "digest"}
	some index, by_outcome in hidden[pull]
	some outcome, sources in by_outcome
	broad := input.sources[index]
	at := lib.first_entry(broad, pull).source.at
	narrower := [lib.first_entry(input.sources[source], other) | some source in sources]
	level := grade(outcome, lib.entries_for(broad, pull), narrower)
	condition := lib.condition(array.concat(lib.entries_for(broad, pull), narrower))
	message := $"pulls by {pull} of {names(narrower)} {outcome} instead of using the mirrors of `{broad.source}`: a narrower source with mirrors for pulls by {other} only hides it{condition}"
	related := [{"at": entry.source.at, "message": note} |
		some entry in narrower
		note := $"`{entry.source.value}` in {lib.title_of(entry)} has mirrors for pulls by {other} only"
	]
}

# By broader source and what becomes of the pulls: the narrower ones that have no mirrors of the kind that it has.
hidden[pull][overlap.broad][outcome] contains overlap.narrow if {
	some pull in ["digest", "tag"]
	some overlap in input.overlaps
	not overlap[pull].mirrored
	overlap[pull].lost > 0
	outcome := outcomes["NeverContactSource" in input.sources[overlap.narrow].policies]
}

outcomes := {true: "are blocked by NeverContactSource and fail", false: "go to the source"}

names(entries) := $"`{entries[0].source.value}`" if count(entries) == 1

names(entries) := $"{count(entries)} namespaces" if count(entries) > 1

grade(outcome, broad, narrower) := "error" if {
	breaks(outcome)
	lib.meet(broad, narrower)
} else := "warning"

breaks(outcome) if outcome == outcomes[true]

breaks(_) if input.cluster.disconnected
