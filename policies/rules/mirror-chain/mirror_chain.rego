# METADATA
# title: Mirror that is itself a mirrored source
# description: >-
#   Mirrors are not followed: a node asks a mirror by its own name and never looks for mirrors of that mirror. What the second entry promises does not
#   happen for pulls that come through the first. (Images that name the mirror themselves do use it.)
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Name the last location of the chain as a mirror of the first source too.
#   versions: all; an info where the mirror lies in its own source
#   situations: [from-the-internet, pull-fails]
package mirrorproof.rules.mirror_chain

findings contains {"level": level, "message": message, "at": mirror.at, "related": related} if {
	some entry in input.entries
	entry.effective
	some mirror in entry.mirrors
	mirror.value != entry.source.value
	not mirror.entry.blocked
	next := input.sources[mirror.entry.source]
	level := {true: "info", false: "warning"}[next.source == entry.source.value]
	message := $"mirror `{mirror.value}` lies in the source `{next.source}`, whose mirrors are not used for it: nodes do not follow mirrors of mirrors"
	related := [{"at": input.entries[next.entries[0]].source.at, "message": note} | note := $"`{next.source}` has mirrors of its own"]
}
