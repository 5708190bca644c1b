# METADATA
# title: Image whose port ends up in the mirror
# description: >-
#   Nodes put what follows the source behind the mirror. A source without a port also matches images of that host with one: `example.com` turns
#   `example.com:5000/app` into `MIRROR:5000/app`, which is another port of the mirror, or no reference at all; then the pull fails with `rewriting
#   reference: invalid reference format`, and the source is not tried.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: error
#   fix: >-
#     Write the source with the port of the image, or the image without it.
#   versions: all
#   situations: [pull-fails]
package mirrorproof.rules.broken_rewrite

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": image.at, "related": lib.related(image)} if {
	some image in input.images
	image.entry.splitsPort
	count(image.entry.serves) > 0
	message := $"image `{image.image}` matches `{image.entry.prefix}`, which has no port: {outcome(image)}"
}

# A wildcard cannot have a port, so the port of the image stays.
findings contains {"level": "error", "message": message, "at": image.at, "related": lib.related(image)} if {
	some image in input.images
	image.route == "fails"
	startswith(image.entry.prefix, "*.")
	contains(image.host, ":")
	message := $"image `{image.image}` has a port, which the wildcard `{image.entry.prefix}` writes behind its mirror: {outcome(image)}"
}

outcome(image) := $"its pull fails with `{image.error}`" if image.error

outcome(image) := $"nodes ask `{image.attempts[0].reference}`" if not image.error
