# METADATA
# title: Mirrors of several entries that are interleaved
# description: >-
#   Several entries name mirrors of one source. The Machine Config Operator merges their lists into one that keeps the order within each list. For the rest
#   it takes the lists' first mirrors by the alphabet, then their second ones, so that a mirror which one entry names second may be tried last.
# custom:
#   level: info
#   fix: >-
#     Put the mirrors of the source into one entry, in the order in which they are to be tried.
#   versions: all
#   situations: [pull-fails]
#   facts: [sources]
package mirrorproof.rules.merged_mirror_order

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": entries[0].source.at, "related": related} if {
	some source in input.sources
	some pull in ["digest", "tag"]
	merged := source[pull]
	merged != null
	merged.interleaved
	not merged.contradictory
	entries := lib.entries_for(source, pull)
	not shown(entries, merged.mirrors, source.source)
	message := $"pulls by {pull} of `{source.source}` try its mirrors in an order that none of its {count(entries)} entries shows: {lib.quoted(merged.mirrors)}{lib.condition(entries)}"
	related := [{"at": entry.source.at, "message": note} |
		some index, entry in entries
		index > 0
		note := $"merged with {lib.title_of(entry)}"
	]
}

# One of the lists is the order already; the source may stand at its end.
shown(entries, mirrors, source) if {
	some entry in entries
	written := [mirror.value | some mirror in entry.mirrors]
	written in [mirrors, array.concat(mirrors, [source])]
}
