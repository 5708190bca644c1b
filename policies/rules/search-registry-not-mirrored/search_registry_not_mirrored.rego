# METADATA
# title: Search registry without a mirror, in a disconnected cluster
# description: >-
#   Nodes look up a short name such as `nginx` in the search registries, one after the other. One that they cannot reach costs a timeout for each such
#   image. (A change of the list restarts the nodes.)
# custom:
#   level: warning
#   fix: >-
#     Mirror the registry, or take it out of `containerRuntimeSearchRegistries`.
#   versions: all, in disconnected clusters
#   situations: [pull-fails]
package mirrorproof.rules.search_registry_not_mirrored

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": scope.at} if {
	input.cluster.disconnected
	some scope in input.scopes
	scope.list == "search"
	not scope.mirrored
	lib.is_public(lib.host(scope.value))
	message := $"search registry `{scope.value}` has no mirror, and nodes of a disconnected cluster cannot reach it"
}
