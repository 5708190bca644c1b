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
#   versions: 4.13 and later; an error where an image is known that is pulled so
#   situations: [pull-fails]
package mirrorproof.rules.never_contact_blocks_tags

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at, "related": related} if {
	some index, source in input.sources
	some pull, other in {"tag": "digest", "digest": "tag"}
	source[pull] == null
	source[other] != null
	blocking := [entry | some entry in lib.entries_for(source, other); entry.policy == "NeverContactSource"]
	count(blocking) > 0
	not index in lib.narrowed[pull]
	images := [input.images[image] | some image in source.images[pull]]
	level := {true: "error", false: "warning"}[count(images) > 0]
	at := blocking[0].source.at
	message := $"pulls by {pull} of `{source.source}` are blocked: it has mirrors for pulls by {other} only, and NeverContactSource in {lib.title_of(blocking[0])} holds for every pull{used(images)}"
	related := [{"at": image.at, "message": note} |
		some image in images
		note := $"`{image.image}` is pulled by {pull}"
	]
}

used([]) := ""

used(images) := $", such as `{images[0].image}`" if count(images) > 0
