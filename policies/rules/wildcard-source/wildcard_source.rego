# METADATA
# title: Wildcard source
# description: >-
#   A wildcard source drops what it stands for: a.example.com/app and b.example.com/app are both asked for as MIRROR/app, so that one of them may get the
#   image of the other. It does not match the bare domain, fails images with a port, and imports into image streams pass over it.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: info
#   fix: >-
#     Name the hosts one by one, each with a mirror path of its own.
#   versions: 4.16 and later; a warning where images collide or an import depends on it
#   situations: [pull-fails, from-the-internet, builds]
package mirrorproof.rules.wildcard_source

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": entry.source.at} if {
	some entry in input.entries
	entry.effective
	startswith(entry.source.value, "*.")
	not lib.before([4, 16])
	message := $"source `{entry.source.value}` sends all of its hosts to one place, and imports into image streams pass over it"
}

findings contains {"level": "warning", "message": message, "at": images[0].at, "related": related} if {
	some collision in input.collisions
	images := [input.images[index] | some index in collision.images]
	message := $"image `{images[0].image}` and `{images[1].image}` are both pulled as `{collision.reference}`, for the wildcard `{images[0].entry.prefix}` drops their hosts"
	related := array.concat([{"at": images[1].at, "message": "the other one"}], lib.decides(images[0]))
}

findings contains {"level": "warning", "message": message, "at": image.at, "related": lib.related(image)} if {
	some image in input.images
	startswith(image.entry.prefix, "*.")
	image.route == "mirrors"
	"import" in image.pullers
	message := $"image `{image.image}` is imported into an image stream from its source: imports pass over the wildcard `{image.entry.prefix}`"
}
