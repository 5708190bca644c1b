# METADATA
# title: Mirrors of several objects that are interleaved
# description: >-
#   Several objects name mirrors of one source. The Machine Config Operator merges their lists into one that keeps the order within each list and is
#   alphabetical otherwise, so that a mirror which one object names first may be tried third.
# custom:
#   level: info
#   fix: >-
#     Put the mirrors of the source into one entry, in the order in which they are to be tried.
#   versions: all
#   situations: [pull-fails]
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
	message := $"the mirrors of `{source.source}` are tried in an order that none of its {count(entries)} entries shows: {lib.quoted(merged.mirrors)}"
	related := [{"at": entry.source.at, "message": note} |
		some index, entry in entries
		index > 0
		note := $"merged with {lib.title_of(entry)}"
	]
}
