# METADATA
# title: Search registry without a mirror, in a disconnected cluster
# description: >-
#   Nodes look up a short name such as `nginx:1.25` in the search registries, one after the other. One that they cannot reach costs a timeout for each such
#   image. Short names have tags, which an ImageTagMirrorSet alone serves. (A change of the list restarts the nodes.)
# custom:
#   level: warning
#   fix: >-
#     Give what is pulled from the registry an ImageTagMirrorSet entry, or take the registry out of `containerRuntimeSearchRegistries`.
#   versions: all, in disconnected clusters
#   situations: [pull-fails, nodes-drain]
#   logs:
#   - 'pinging container registry …: Get "https://…/v2/": dial tcp …: i/o timeout'
#   facts: [scopes]
#   absent: [ImageContentSourcePolicy, ImageDigestMirrorSet, ImageTagMirrorSet]
package mirrorproof.rules.search_registry_not_mirrored

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": scope.at} if {
	input.cluster.disconnected
	some scope in input.scopes
	scope.list == "search"
	not "tag" in scope.serves
	lib.is_public(lib.host(scope.value))
	message := $"search registry `{scope.value}` has {none[count(scope.serves)]}: nodes of a disconnected cluster look for short names there in vain"
}

none := ["no mirror", "mirrors for pulls by digest only"]
