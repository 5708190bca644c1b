# METADATA
# title: One source in two spellings
# description: >-
#   Up to OpenShift 4.15 a source with a slash at its end and the same one without are two entries of registries.conf. Nodes drop the slash, find one
#   prefix twice, and use the entry that comes first; the mirrors of the other are lost. Where one of the two is blocked by NeverContactSource, they
#   refuse the whole file.
# custom:
#   level: error
#   fix: >-
#     Write the source once, without the slash, with the mirrors of both entries.
#   versions: up to 4.15, a warning where the version is not known or nodes reach the source; from 4.16 on the operator refuses the slash
#   situations: [from-the-internet, pull-fails]
#   facts: [sources]
package mirrorproof.rules.source_spelt_twice

import data.mirrorproof.lib

findings contains {"level": grade(source, plain), "message": message, "at": entry.source.at, "related": related} if {
	not lib.at_least([4, 16])
	some source in input.sources
	endswith(source.source, "/")
	lib.is_mirrored(source)
	plain := by_name[trim_right(source.source, "/")]
	lib.is_mirrored(plain)
	entry := [one | some one in lib.entries_of(source); lib.kind_of(one) == "ImageContentSourcePolicy"][0]
	other := input.entries[plain.entries[0]]
	message := $"`{source.source}` and `{plain.source}` are one source to nodes{effect(plain)}{lib.condition([entry, other])}"
	related := [{"at": other.source.at, "message": note} | note := $"`{plain.source}` is here"]
}

by_name := {source.source: source | some source in input.sources}

# What has the slash is an ICSP (the API server refuses it elsewhere), and that blocks nothing.
effect(plain) := $", and NeverContactSource blocks only one of them: nodes take all of registries.conf as invalid, and every pull fails" if lib.never(plain)

effect(plain) := ", which use the mirrors of one of them only" if not lib.never(plain)

grade(source, plain) := "error" if {
	lib.before([4, 16])
	lib.meet(lib.entries_of(source), lib.entries_of(plain))
	fatal(plain)
} else := "warning"

fatal(_) if input.cluster.disconnected

fatal(plain) if lib.never(plain)
