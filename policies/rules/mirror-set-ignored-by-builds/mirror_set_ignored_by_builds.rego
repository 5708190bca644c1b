# METADATA
# title: Build or import that does not know the mirror set yet
# description: >-
#   On OpenShift 4.13 builds and imports into image streams read ImageContentSourcePolicy only. What an ImageDigestMirrorSet or ImageTagMirrorSet mirrors,
#   they take from the source.
# custom:
#   level: warning
#   fix: >-
#     Until the cluster runs 4.14, keep an ImageContentSourcePolicy for images by digest (beside the newer kinds from 4.13.27 on), and name the mirror itself
#     in builds and image streams that use a tag.
#   versions: 4.13 alone; an error in a disconnected cluster
#   situations: [builds, from-the-internet]
#   facts: [images]
package mirrorproof.rules.mirror_set_ignored_by_builds

import data.mirrorproof.lib

findings contains {"level": lib.image_level(image), "message": message, "at": places[0].at, "related": related} if {
	lib.at_least([4, 13])
	lib.before([4, 14])
	some image in input.images
	image.route == "mirrors"
	places := [puller | some puller in image.pullers; puller.by in {"build", "import"}]
	not served(image)
	message := $"image `{image.image}` is pulled from its source: builds and imports into image streams on 4.13 read no mirror set but ImageContentSourcePolicy{tags[image.by]}{lib.image_condition(image)}"
	others := [{"at": place.at, "message": note} | some index, place in places; index > 0; note := $"{place.title} uses it too"]
	related := array.concat(others, lib.decides(image))
}

tags := {"digest": "", "tag": ", which serves no tags"}

# By an ImageContentSourcePolicy, whatever hides it from nodes.
served(image) if {
	image.by == "digest"
	some entry in input.entries
	entry.effective
	lib.kind_of(entry) == "ImageContentSourcePolicy"
	startswith($"{image.repository}/", $"{entry.source.value}/")
}
