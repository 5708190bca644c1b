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
#     Take the mirror out of the blocked namespace, or block a narrower one.
#   versions: all
#   situations: [pull-fails]
package mirrorproof.rules.mirror_is_blocked

findings contains {"level": "error", "message": message, "at": mirror.at, "related": related} if {
	some entry in input.entries
	entry.effective
	some mirror in entry.mirrors
	mirror.value != entry.source.value
	mirror.entry.blocked
	message := $"mirror `{mirror.value}` lies in `{mirror.entry.prefix}`, which is blocked: nodes never contact it"
	related := [{"at": at, "message": note} |
		at := mirror.entry.at
		note := $"`{mirror.entry.prefix}` is blocked here"
	]
}
