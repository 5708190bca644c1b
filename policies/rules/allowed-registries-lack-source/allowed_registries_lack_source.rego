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
#     Add the sources to `allowedRegistries`, as images name them.
#   versions: all
#   situations: [pull-fails]
#   logs:
#   - 'Source image rejected: Running image docker://… is rejected by policy.'
#   facts: [imageConfigs]
package mirrorproof.rules.allowed_registries_lack_source

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": config.at, "related": related} if {
	some config in input.imageConfigs
	config.restricted
	sources := [input.sources[index] | some index in left_out]
	images := [image | some image in rejected; not image.repository in config.lacks] # allowed-registries-lack-platform names those
	names := array.concat([source.source | some source in sources], [image.image | some image in images])
	count(names) > 0
	things := array.concat([set | some source in sources; some set in lib.sets_of(lib.entries_of(source))], images)
	level := lib.error_with(config, things)
	message := $"`allowedRegistries` does not allow `{names[0]}`{lib.more(count(names))}, so nodes reject {them(count(names))}, even from a mirror{lib.condition_with(config, things)}"
	related := array.concat(
		[{"at": input.entries[source.entries[0]].source.at, "message": note} | some source in sources; note := $"`{source.source}` has mirrors"],
		[{"at": image.at, "message": note} | some image in array.slice(images, 0, 8); note := $"`{image.image}` is rejected"],
	)
}

left_out := [index |
	some index, source in input.sources
	lib.is_mirrored(source)
	source.allowed == "none"
	not source.rejectedBy
]

# Those of a source that is left out are meant with it.
rejected := [image |
	some image in input.images
	image.route == "rejected"
	image.certain
	not image.rejectedBy
	not meant(image)
]

meant(image) if image.entry.source in left_out

them(1) := "it"

them(number) := "them" if number > 1
