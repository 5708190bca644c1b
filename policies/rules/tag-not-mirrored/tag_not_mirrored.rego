# METADATA
# title: Image pulled by tag, where the mirrors serve digests only
# description: >-
#   An ImageDigestMirrorSet or ImageContentSourcePolicy serves pulls by digest. A pull by tag of the same source skips its mirrors and goes to the source;
#   in a disconnected cluster it ends in a timeout and ImagePullBackOff.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Pin the image by digest, or give its source an ImageTagMirrorSet entry with the same mirrors.
#   versions: all (tags have mirrors since 4.13); an error in a disconnected cluster
#   situations: [pull-fails, from-the-internet]
package mirrorproof.rules.tag_not_mirrored

import data.mirrorproof.lib

findings contains {"level": lib.image_level(image), "message": message, "at": image.at, "related": lib.related(image)} if {
	some image in input.images
	lib.misses(image, "tag", "digest")
	message := $"image `{image.image}` is pulled by tag, but its mirrors serve digests only{lib.image_condition(image)}"
}
