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
#     Give that host and port an entry of its own, with the port in its source.
#   versions: all; a warning where the mirror is asked on the port of the image, or where it is not sure that image and mirror set meet
#   situations: [pull-fails]
#   logs:
#   - 'rewriting reference: invalid reference format'
#   facts: [images]
package mirrorproof.rules.broken_rewrite

import data.mirrorproof.lib

findings contains {"level": level(image), "message": message, "at": image.at, "related": lib.related(image)} if {
	some image in input.images
	image.by in image.entry.serves
	image.route != "rejected"
	moves(image)
	message := $"{lib.named(image)} has a port and its source `{image.entry.prefix}` has none, so the port is put behind the mirror: {outcome(image)}{lib.image_condition(image)}"
}

moves(image) if image.entry.splitsPort

# A wildcard cannot have a port.
moves(image) if {
	startswith(image.entry.prefix, "*.")
	contains(image.host, ":")
}

outcome(image) := $"the pull fails with `{image.error}`" if image.error

outcome(image) := $"nodes ask `{image.attempts[0].reference}` first" if not image.error

level(image) := "error" if {
	image.error
	image.certain
	lib.beside(image)
} else := "warning"
