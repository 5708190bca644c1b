# METADATA
# title: Source that no image is called by
# description: >-
#   Nodes complete and normalise the name of an image before they look for its source: index.docker.io becomes docker.io, an official image of Docker Hub
#   gets library/ in front of its name, and upper and lower case differ. A source that is written another way matches nothing, and its mirrors are never
#   used.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: error
#   fix: >-
#     Write the source as nodes write the image: docker.io/library/NAME for an official image of Docker Hub, the host in lower case.
#   versions: all; a warning while the cluster is connected, and for upper case in the host
#   situations: [from-the-internet, pull-fails]
#   facts: [entries]
package mirrorproof.rules.source_matches_nothing

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": entry.source.at, "edits": edits} if {
	some entry in input.entries
	entry.effective
	entry.source.mismatch == "alias"
	level := {true: "error", false: "warning"}[input.cluster.disconnected]
	edits := [{"op": "replace", "at": entry.source.at, "value": trim_prefix(entry.source.value, "index.")}]
	message := $"source `{entry.source.value}` matches no image, so its mirrors are never used: nodes write `index.docker.io` as `docker.io`"
}

findings contains {"level": "warning", "message": message, "at": entry.source.at, "edits": edits, "certain": false} if {
	some source in input.sources
	not source.images # absent where there are none
	some entry in lib.entries_of(source)
	entry.effective
	entry.source.mismatch == "upper-case-host"
	parts := split(entry.source.value, "/")
	lowered := concat("/", array.concat([lower(parts[0])], array.slice(parts, 1, count(parts))))
	edits := [{"op": "replace", "at": entry.source.at, "value": lowered}]
	message := $"source `{entry.source.value}` has upper case in its host, and matches only images that are written the same way"
}

# `docker.io/grafana` is an organisation, too: only an image that is really used tells.
findings contains {"level": level, "message": message, "at": entry.source.at, "related": related, "edits": edits, "certain": official_only(entry)} if {
	some entry in input.entries
	entry.effective
	official := concat("/", ["docker.io/library", trim_prefix(entry.source.value, "docker.io/")])
	images := [input.images[index] | some index in sort(unmirrored[official])]
	count(images) > 0
	level := grade(entry, images)
	edits := [{"op": "replace", "at": entry.source.at, "value": official}]
	message := $"source `{entry.source.value}` does not match `{images[0].image}`, which goes to Docker Hub: nodes write it as `{official}`"
	related := [{"at": image.at, "message": note} |
		some image in images
		note := $"{image.title} uses `{image.image}`"
	]
}

# Nothing here is pulled from an organisation of that name.
official_only(entry) := false if {
	some image in input.images
	startswith(image.repository, $"{entry.source.value}/")
} else := true

unmirrored[image.repository] contains index if {
	some index, image in input.images
	startswith(image.repository, "docker.io/library/")
	image.route == "source"
	not image.entry
}

grade(entry, images) := "error" if {
	input.cluster.disconnected
	some image in images
	image.certain
	image.home == input.mirrorSets[entry.set].home
} else := "warning"
