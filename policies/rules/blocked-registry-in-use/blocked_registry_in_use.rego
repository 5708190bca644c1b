# METADATA
# title: Blocked registry whose images are used or mirrored
# description: >-
#   A registry in `blockedRegistries` is blocked in registries.conf and rejected by policy.json, which judges an image by its own name: mirrors do not
#   help. `Source image rejected: Running image … is rejected by policy.`
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Take the registry out of `blockedRegistries`. To keep nodes from contacting a mirrored source, set `mirrorSourcePolicy: NeverContactSource` in its
#     mirror sets.
#   versions: all
#   situations: [pull-fails]
package mirrorproof.rules.blocked_registry_in_use

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": scope.at, "related": related} if {
	some scope in input.scopes
	scope.list == "blocked"
	sources := [source | some source in input.sources; source.rejectedBy == scope.value; lib.is_mirrored(source)]
	images := [image | some image in input.images; image.rejectedBy == scope.value; image.certain]
	names := array.concat([source.source | some source in sources], [image.image | some image in images])
	count(names) > 0
	message := $"`{scope.value}` is blocked, so policy.json rejects `{names[0]}`{others(count(names) - 1)}, whatever mirrors it has"
	related := array.concat(
		[{"at": input.entries[source.entries[0]].source.at, "message": note} | some source in sources; note := $"`{source.source}` has mirrors"],
		[{"at": image.at, "message": note} | some image in images; note := $"`{image.image}` is rejected"],
	)
}

others(0) := ""

others(more) := $" and {more} more" if more > 0
