# METADATA
# title: Mirror on a public registry, in a disconnected cluster
# description: >-
#   Nodes that cannot reach public registries cannot reach a mirror there either: each pull waits for a timeout of 30 seconds before the next location is
#   tried. Where there is no other mirror, the pull fails.
# custom:
#   level: warning
#   fix: >-
#     Mirror the images to a registry that the nodes reach, and name that one.
#   versions: all, in disconnected clusters; an error where a public source has mirrors on public registries only
#   situations: [pull-fails]
#   facts: [hosts]
package mirrorproof.rules.public_mirror

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": host.at, "related": related} if {
	input.cluster.disconnected
	some name, host in input.hosts
	lib.is_public(name)
	lost := [input.sources[index] | some index in sort(object.get(dependent, name, set()))]
	level := {true: "error", false: "warning"}[count(lost) > 0]
	message := $"mirrors are on {name}, which nodes of a disconnected cluster cannot reach{only(lost)}"
	related := [{"at": entry.source.at, "message": note} |
		some source in lost
		entry := lib.entries_of(source)[0]
		note := $"`{source.source}` has mirrors on public registries only"
	]
}

# By host, public sources that have mirrors on public registries only.
dependent[name] contains index if {
	some index, source in input.sources
	lib.is_mirrored(source)
	lib.is_public(lib.host(source.source))
	names := hosts(source)
	every one in names { lib.is_public(one) }
	some name in names
}

hosts(source) := {lib.host(location) |
	some pull in ["digest", "tag"]
	some location in source[pull].mirrors
}

only([]) := ""

only(lost) := $", and `{lost[0].source}` has no other mirror" if count(lost) == 1

only(lost) := $", and {count(lost)} sources have no other mirror" if count(lost) > 1
