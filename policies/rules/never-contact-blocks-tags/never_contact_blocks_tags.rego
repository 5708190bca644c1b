# METADATA
# title: NeverContactSource blocks the pulls that have no mirror
# description: >-
#   NeverContactSource blocks the source in registries.conf for every pull, whatever object sets it. Where only an ImageDigestMirrorSet gives the source
#   mirrors, each pull by tag fails with `registry … is blocked in /etc/containers/registries.conf`; where only an ImageTagMirrorSet does, each pull by
#   digest.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Add the missing kind with the same mirrors and the same policy: an ImageTagMirrorSet entry for pulls by tag, an ImageDigestMirrorSet entry for pulls
#     by digest. Or pin such images by digest.
#   versions: 4.13 and later; an error where an image is known that is pulled so, an info where none is and the cluster is disconnected
#   situations: [pull-fails]
#   logs:
#   - 'registry … is blocked in /etc/containers/registries.conf'
#   facts: [sources]
#   absent: [ImageContentSourcePolicy, ImageDigestMirrorSet, ImageTagMirrorSet]
package mirrorproof.rules.never_contact_blocks_tags

import data.mirrorproof.lib

findings contains {"level": key[0], "message": message, "at": entry.source.at, "related": array.concat(used, blocked)} if {
	not lib.before([4, 13])
	not input.cluster.refused
	some pull, other in others
	some key, indexes in blocking[pull]
	sources := [input.sources[index] | some index in sort(indexes)]
	entry := blocker(sources[0], other)
	images := [input.images[index] | some index in sources[0].images[pull]]
	message := $"pulls by {pull} of `{sources[0].source}`{more(sources)}{outcome(images)}: there are mirrors for pulls by {other} only, and NeverContactSource in {lib.title_of(entry)} holds for every pull{condition(images)}"
	used := [{"at": image.at, "message": note} |
		some image in images
		note := $"`{image.image}` is pulled by {pull}"
	]
	blocked := [{"at": blocker(source, other).source.at, "message": note} |
		some place, source in sources
		place > 0
		note := $"`{source.source}` too"
	]
}

others := {"tag": "digest", "digest": "tag"}

# By kind of pull and by what is said of several at once, sources; one that an image is known for is said alone.
blocking[pull][[level, entry.set, alone]] contains index if {
	some index, source in input.sources
	some pull, other in others
	source[pull] == null
	not lib.is_narrowed(index, pull)
	entry := blocker(source, other)
	images := [input.images[image] | some image in source.images[pull]]
	not released(source, pull, images)
	level := grade(images)
	alone := [index | count(images) > 0]
}

blocker(source, other) := [entry | some entry in lib.entries_for(source, other); entry.policy == "NeverContactSource"][0]

# The platform pulls its release by digest only.
released(source, "tag", []) if source.source in {"quay.io/openshift-release-dev", "quay.io/openshift-release-dev/ocp-release", "quay.io/openshift-release-dev/ocp-v4.0-art-dev"}

# Where no image is known, a disconnected cluster loses nothing: such pulls would fail anyway.
grade(images) := "error" if {
	some image in images
	image.certain
	lib.beside(image)
} else := "warning" if {
	count(images) > 0
} else := "info" if {
	input.cluster.disconnected
} else := "warning"

outcome(images) := $" are blocked, such as `{images[0].image}`{doubt(images[0])}" if count(images) > 0

doubt(image) := "" if image.certain

doubt(image) := " (if that is an image)" if not image.certain

outcome([]) := " would be blocked"

more(sources) := "" if count(sources) == 1

more(sources) := $" and of {lib.plural(count(sources) - 1, "other source", "other sources")}" if count(sources) > 1

condition([]) := ""

condition(images) := lib.image_condition(images[0]) if count(images) > 0
