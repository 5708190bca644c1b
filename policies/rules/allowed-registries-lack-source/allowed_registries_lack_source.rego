# METADATA
# title: Mirrored source that is not allowed
# description: >-
#   policy.json judges an image by its own name, wherever its bytes come from. With `allowedRegistries`, a source that is not in the list is rejected
#   although its mirrors have the image: `Source image rejected: Running image … is rejected by policy.` The mirrors need no entry, unless images name
#   them.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Add the sources, as the images are called, to `allowedRegistries`.
#   versions: all
#   situations: [pull-fails]
package mirrorproof.rules.allowed_registries_lack_source

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": config.at, "related": related} if {
	some config in input.imageConfigs
	config.restricted
	sources := [source | some source in input.sources; source.allowed == "none"; lib.is_mirrored(source)]
	images := [image | some image in input.images; image.route == "rejected"; not image.rejectedBy]
	names := array.concat([source.source | some source in sources], [image.image | some image in images; image.certain])
	count(names) > 0
	message := $"`allowedRegistries` does not allow `{names[0]}`{others(count(names) - 1)}, so policy.json rejects what nodes would pull"
	related := array.concat(
		[{"at": input.entries[source.entries[0]].source.at, "message": note} | some source in sources; note := $"`{source.source}` has mirrors"],
		[{"at": image.at, "message": note} | some image in images; note := $"`{image.image}` is rejected"],
	)
}

others(0) := ""

others(more) := $" and {more} more" if more > 0
