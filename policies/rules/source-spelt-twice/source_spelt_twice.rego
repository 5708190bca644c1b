# METADATA
# title: One source in two spellings
# description: >-
#   Up to OpenShift 4.15 a source with a slash at its end and the same one without are two entries of registries.conf. Nodes drop the slash, find one
#   prefix twice, and use the entry that comes first; the mirrors of the other are lost.
# custom:
#   level: error
#   fix: >-
#     Write the source once, without the slash.
#   versions: up to 4.15, a warning where the version is not known; from 4.16 on the operator refuses the slash
#   situations: [from-the-internet, pull-fails]
package mirrorproof.rules.source_spelt_twice

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at, "related": related} if {
	some source in input.sources
	endswith(source.source, "/")
	some plain in input.sources
	plain.source == trim_right(source.source, "/")
	at := input.entries[source.entries[0]].source.at
	message := $"`{source.source}` and `{plain.source}` are one source to nodes, which use the mirrors of one of them only"
	related := [{"at": input.entries[plain.entries[0]].source.at, "message": note} | note := $"`{plain.source}` is here"]
}

level := "error" if lib.before([4, 16])

level := "warning" if lib.version_unknown
