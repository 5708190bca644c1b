# METADATA
# title: Mirror that the cluster itself blocks
# description: >-
#   Nodes look up each mirror by its own name before they contact it. Where that name lies in a blocked registry (blockedRegistries, or NeverContactSource
#   of some source around it), the attempt fails at once with `registry … is blocked`.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: error
#   fix: >-
#     Name a mirror outside of the blocked namespace, or block a narrower one.
#   versions: all; a warning where it is only a guess that the objects reach the same cluster
#   situations: [pull-fails]
#   logs:
#   - 'registry … is blocked in /etc/containers/registries.conf'
#   facts: [entries]
package mirrorproof.rules.mirror_is_blocked

import data.mirrorproof.lib

findings contains {"level": grade(links, blockers), "message": message, "at": first.at, "related": array.concat(causes, rest)} if {
	some prefix, found in blocked
	pairs := sort(found)
	links := [input.entries[pair[0]] | some pair in pairs]
	mirrors := [input.entries[pair[0]].mirrors[pair[1]] | some pair in pairs]
	first := mirrors[0]
	blockers := [entry | entry := lib.never(input.sources[first.entry.source])]
	message := $"nodes never contact mirror `{first.value}`{more(mirrors)}: `{prefix}` is blocked by {cause(first, blockers)}{condition(links[0], blockers)}"
	causes := [{"at": at, "message": note} |
		at := first.entry.at
		note := $"`{prefix}` is blocked here"
	]
	rest := [{"at": mirror.at, "message": note} |
		some place, mirror in mirrors
		place > 0
		note := $"`{mirror.value}` too"
	]
}

# By what is blocked, the mirrors in it: indexes of entry and mirror.
blocked[mirror.entry.prefix] contains [index, place] if {
	some index, entry in input.entries
	entry.effective
	some place, mirror in entry.mirrors
	mirror.value != entry.source.value
	mirror.entry.blocked
}

more(mirrors) := "" if count(mirrors) == 1

more(mirrors) := $" and {count(mirrors) - 1} more" if count(mirrors) > 1

cause(first, blockers) := $"NeverContactSource in {lib.title_of(blockers[0])}" if {
	count(blockers) > 0
} else := "blockedRegistries" if {
	first.entry.at
} else := "the registries.conf of a MachineConfig"

# What Image/cluster and MachineConfigs block, they block for the whole cluster.
grade(_, []) := "error"

grade(links, blockers) := "error" if lib.meet(links, blockers)

grade(links, blockers) := "warning" if {
	count(blockers) > 0
	not lib.meet(links, blockers)
}

condition(_, []) := ""

condition(link, blockers) := lib.condition([link, blockers[0]]) if count(blockers) > 0
