# METADATA
# title: Mirror that is itself a mirrored source
# description: >-
#   Mirrors are not followed: a node asks a mirror by its own name and never looks for mirrors of that mirror. What the second entry promises does not
#   happen for pulls that come through the first. (Images that name the mirror themselves do use it.)
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: info
#   fix: >-
#     Name the last location of the chain as a mirror of the first source too.
#   versions: all; a warning in a disconnected cluster whose nodes cannot reach the mirror
#   situations: [from-the-internet, pull-fails]
package mirrorproof.rules.mirror_chain

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": first.mirror.at, "related": related} if {
	some index, links in chains
	next := input.sources[index]
	first := links[0]
	level := grade(links, lib.entries_of(next))
	message := $"mirror `{first.mirror.value}`{others(count(links) - 1)} in the source `{next.source}`, whose mirrors are not used for it: nodes do not follow mirrors of mirrors{lib.condition([first.entry, input.entries[next.entries[0]]])}"
	related := array.concat(
		[{"at": input.entries[next.entries[0]].source.at, "message": note} | note := $"`{next.source}` has mirrors of its own"],
		[{"at": link.mirror.at, "message": note} | some place, link in links; place > 0; note := $"`{link.mirror.value}` too"],
	)
}

# Of a source, the mirrors of others that lie in it.
chains[index] := links if {
	some index in {mirror.entry.source | some mirror in input.entries[_].mirrors}
	lib.is_mirrored(input.sources[index])
	links := [{"entry": entry, "mirror": mirror} |
		some entry in input.entries
		entry.effective
		some mirror in entry.mirrors
		mirror.entry.source == index
		mirror.entry.blocked == false
		mirror.value != entry.source.value
		entry.source.value != input.sources[index].source
	]
	count(links) > 0
}

grade(links, entries) := "warning" if {
	input.cluster.disconnected
	some link in links
	lib.is_public(lib.host(link.mirror.value))
	lib.meet([link.entry], entries)
} else := "info"

others(0) := " lies"

others(more) := $" and {more} more lie" if more > 0
