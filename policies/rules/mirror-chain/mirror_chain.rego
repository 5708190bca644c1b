# METADATA
# title: Mirror that is itself a mirrored source
# description: >-
#   Mirrors are not followed: a node asks a mirror by its own name and never looks for mirrors of that mirror. What the second entry promises does not
#   happen for pulls that come through the first. (Images that are called by the name of the mirror itself do use the second entry.)
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: info
#   fix: >-
#     Name the last location of the chain as the mirror of the first source, in place of this one. Where nodes are meant to contact this one itself, leave it.
#   versions: all; a warning in a disconnected cluster whose nodes cannot reach the mirror
#   situations: [from-the-internet, pull-fails]
#   facts: [entries]
package mirrorproof.rules.mirror_chain

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": first.mirror.at, "related": related} if {
	some index, pairs in chains
	next := input.sources[index]
	links := [{"entry": entry, "mirror": entry.mirrors[pair[1]]} | some pair in sort(pairs); entry := input.entries[pair[0]]]
	first := links[0]
	level := grade(links, lib.entries_of(next))
	message := $"mirror `{first.mirror.value}`{where(links, next)}, whose mirrors are not used for it: nodes do not follow mirrors of mirrors{lib.condition([first.entry, input.entries[next.entries[0]]])}"
	related := array.concat(
		[{"at": input.entries[next.entries[0]].source.at, "message": note} | note := $"`{next.source}` has mirrors of its own"],
		[{"at": link.mirror.at, "message": note} | some number, link in links; number > 0; note := $"`{link.mirror.value}` too"],
	)
}

# By source, the mirrors of others that lie in it: indexes of entry and mirror.
chains[mirror.entry.source] contains [index, place] if {
	some index, entry in input.entries
	entry.effective
	some place, mirror in entry.mirrors
	mirror.entry.blocked == false
	mirror.value != entry.source.value
	source := input.sources[mirror.entry.source]
	entry.source.value != source.source
	lib.is_mirrored(source)
}

grade(links, entries) := "warning" if {
	input.cluster.disconnected
	some link in links
	lib.is_public(lib.host(link.mirror.value))
	lib.meet([link.entry], entries)
} else := "info"

where([link], next) := " is a source itself" if link.mirror.value == next.source

where([link], next) := $" lies in the source `{next.source}`" if link.mirror.value != next.source

where(links, next) := $" and {count(links) - 1} more lie in the source `{next.source}`" if count(links) > 1
