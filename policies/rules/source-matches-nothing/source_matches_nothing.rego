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
#   versions: all; a warning for upper case in the host, and for an official image of Docker Hub while the cluster is connected
#   situations: [from-the-internet, pull-fails]
package mirrorproof.rules.source_matches_nothing

findings contains {"level": level, "message": message, "at": entry.source.at} if {
	some entry in input.entries
	entry.effective
	[level, problem] := odd[entry.source.mismatch]
	message := $"source `{entry.source.value}` {problem}"
}

odd := {
	"alias": ["error", "matches no image: nodes write `index.docker.io` as `docker.io`"],
	"upper-case-host": ["warning", "has upper case in its host, and matches only images that are written the same way"],
}

# `docker.io/grafana` is an organisation, too: only an image that is really used tells.
findings contains {"level": level, "message": message, "at": entry.source.at, "related": related} if {
	some entry in input.entries
	entry.effective
	official := concat("/", ["docker.io/library", trim_prefix(entry.source.value, "docker.io/")])
	images := [image | some image in unmirrored[official]]
	count(images) > 0
	level := {true: "error", false: "warning"}[input.cluster.disconnected]
	message := $"source `{entry.source.value}` does not match `{images[0].image}`: nodes write it as `{official}`"
	related := [{"at": image.at, "message": note} |
		some image in images
		note := $"`{image.image}` is pulled from its source"
	]
}

unmirrored[image.repository] contains image if {
	some image in input.images
	startswith(image.repository, "docker.io/library/")
	image.route == "source"
	not image.entry
}
