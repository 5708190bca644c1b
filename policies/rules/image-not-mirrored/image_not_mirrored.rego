# METADATA
# title: Image of a public registry without any mirror, in a disconnected cluster
# description: >-
#   No mirror set covers the image, so nodes ask its registry, which they cannot reach: the pull ends in a timeout of 30 seconds and more, then in
#   ImagePullBackOff.
# custom:
#   level: error
#   fix: >-
#     Mirror the image and add its repository, or a namespace around it, to an ImageDigestMirrorSet (pulls by digest) or ImageTagMirrorSet (pulls by tag).
#   versions: all, in disconnected clusters; a warning where it is not known whether nodes reach the registry or whether image and mirror sets meet, an info where no mirror set of the cluster is here
#   situations: [pull-fails]
#   logs:
#   - 'pinging container registry …: Get "https://…/v2/": dial tcp …: i/o timeout'
#   facts: [images]
#   absent: [ImageContentSourcePolicy, ImageDigestMirrorSet, ImageTagMirrorSet]
package mirrorproof.rules.image_not_mirrored

import data.mirrorproof.lib

findings contains {"level": level(image), "message": message, "at": image.at, "related": lib.related(image)} if {
	count(lib.active_sets) > 0
	some image in unmirrored
	message := $"{lib.named(image)} has no mirror, and nodes of a disconnected cluster {reach(image)}{reading}{condition(image)}"
}

# Where none of its mirror sets are here, they may well be elsewhere, and that is said once.
findings contains {"level": "info", "message": message, "at": first.at} if {
	count(lib.active_sets) == 0
	far := [image | some image in unmirrored; lib.is_public(image.host)]
	first := far[0]
	message := "images of public registries are used, and no mirror set of this disconnected cluster is here: whether they have mirrors is not known"
}

unmirrored := [image |
	input.cluster.disconnected
	some image in input.images
	image.route == "source"
	bare(image)
	not lib.is_local(image.host)
	not misnamed(image)
]

bare(image) if not image.entry

bare(image) if image.entry.serves == []

# An official image of Docker Hub whose source lacks `library/`: source-matches-nothing says so of the source.
misnamed(image) if {
	startswith(image.repository, "docker.io/library/")
	replace(image.repository, "docker.io/library/", "docker.io/") in mirrored
}

mirrored contains source.source if {
	some source in input.sources
	lib.is_mirrored(source)
}

reach(image) := $"cannot reach {image.host}" if lib.is_public(image.host)

reach(image) := $"may not reach {image.host}" if not lib.is_public(image.host)

level(image) := "error" if {
	lib.is_public(image.host)
	image.certain
	not input.cluster.incomplete
	image.home in homes
} else := "warning"

reading := " (some mirror configuration could not be read)" if input.cluster.incomplete

default reading := ""

condition(image) := " (if the mirror sets that are here are for the same cluster)" if {
	not input.cluster.declared
	not image.folder in folders
} else := ""

homes := {input.mirrorSets[set].home | some set in lib.active_sets}

folders := {input.mirrorSets[set].folder | some set in lib.active_sets}
