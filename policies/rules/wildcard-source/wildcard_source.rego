# METADATA
# title: Wildcard source
# description: >-
#   A wildcard source drops what it stands for: a.example.com/app and b.example.com/app are both asked for as MIRROR/app, so that one of them may get the
#   image of the other. It does not match the bare domain, pulls of images with a port in their name fail, and imports into image streams pass over it.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: info
#   fix: >-
#     Name the hosts one by one, each with a mirror path of its own.
#   versions: 4.16 and later; a warning where images by tag collide or an import depends on it, an error where an import does in a disconnected cluster
#   situations: [pull-fails, from-the-internet, builds]
#   facts: [entries]
package mirrorproof.rules.wildcard_source

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": input.entries[source.entries[0]].source.at} if {
	not lib.before([4, 16])
	some source in input.sources
	startswith(source.source, "*.")
	lib.is_mirrored(source)
	message := $"source `{source.source}` sends all of its hosts to one place, and imports into image streams pass over it"
}

# A digest is of one image, wherever it is asked for.
findings contains {"level": "warning", "message": message, "at": first.at, "related": related} if {
	some collision in input.collisions
	images := [input.images[index] | some index in collision.images]
	first := images[0]
	first.by == "tag"
	others := [image | some image in images; image.host != first.host]
	message := $"images `{first.image}` and `{others[0].image}` are both pulled as `{collision.reference}`: the wildcard `{first.entry.prefix}` drops their hosts"
	related := array.concat([{"at": image.at, "message": note} | some image in others; note := $"`{image.image}` is here"], lib.decides(first))
}

findings contains {"level": lib.image_level(image), "message": message, "at": puller.at, "related": lib.decides(image)} if {
	some image in input.images
	startswith(image.entry.prefix, "*.")
	image.route == "mirrors"
	some puller in image.pullers
	puller.by == "import"
	message := $"image `{image.image}` is imported into an image stream from its source: imports pass over the wildcard `{image.entry.prefix}`"
}
