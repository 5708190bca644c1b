# METADATA
# title: Mirror on a public registry, in a disconnected cluster
# description: >-
#   Nodes that cannot reach public registries cannot reach a mirror there either: each pull waits for a timeout of 30 seconds before the next location is
#   tried.
# custom:
#   level: warning
#   fix: >-
#     Mirror the images to a registry that the nodes reach, and name that one.
#   versions: all, in disconnected clusters
#   situations: [pull-fails]
package mirrorproof.rules.public_mirror

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": host.at} if {
	input.cluster.disconnected
	some name, host in input.hosts
	lib.is_public(name)
	message := $"mirrors are on {name}, which nodes of a disconnected cluster cannot reach"
}
