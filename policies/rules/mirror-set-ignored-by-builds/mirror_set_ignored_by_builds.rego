# METADATA
# title: Build or import that does not know the mirror set yet
# description: >-
#   On OpenShift 4.13 builds and imports into image streams read ImageContentSourcePolicy only. What an ImageDigestMirrorSet or ImageTagMirrorSet mirrors,
#   they take from the source.
# custom:
#   level: warning
#   fix: >-
#     Keep an ImageContentSourcePolicy for the source until the cluster runs 4.14.
#   versions: 4.13 alone
#   situations: [builds, from-the-internet]
package mirrorproof.rules.mirror_set_ignored_by_builds

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": image.at, "related": lib.related(image)} if {
	lib.at_least([4, 13])
	lib.before([4, 14])
	some image in input.images
	image.route == "mirrors"
	some puller in image.pullers
	puller in {"build", "import"}
	source := input.sources[image.entry.source]
	kinds := {lib.kind_of(input.entries[index]) | some index in source.entries}
	not "ImageContentSourcePolicy" in kinds
	message := $"image `{image.image}` is pulled from its source: a{noun[puller]} on 4.13 reads no mirror set but ImageContentSourcePolicy"
}

noun := {"build": " build", "import": "n import"}
