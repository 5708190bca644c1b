# METADATA
# title: Source that nodes still try, in a disconnected cluster
# description: >-
#   Without NeverContactSource a pull that its mirrors cannot serve goes on to the source. Where that cannot be reached, the true error (the mirror lacks
#   the image) is hidden behind a timeout, each attempt takes 30 seconds or more, and names of images leave the cluster by DNS.
# custom:
#   level: info
#   fix: >-
#     Set `mirrorSourcePolicy: NeverContactSource` in every ImageDigestMirrorSet and ImageTagMirrorSet entry of the source, once the mirrors are complete.
#   versions: 4.13 and later, in disconnected clusters; not for sources of an ICSP, an install-config or a HostedCluster, which cannot forbid it
#   situations: [pull-fails]
#   facts: [sources]
package mirrorproof.rules.fallback_to_unreachable_source

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": at, "related": related} if {
	input.cluster.disconnected
	not lib.before([4, 13])
	open := [source | some source in input.sources; contacted(source)]
	count(open) > 0
	at := input.entries[open[0].entries[0]].source.at
	message := $"{which(open)} tried after the mirrors, though nodes of a disconnected cluster cannot reach {them(open)}"
	related := [{"at": input.entries[source.entries[0]].source.at, "message": note} |
		some source in array.slice(open, 1, 9)
		note := $"`{source.source}` too"
	]
}

contacted(source) if {
	lib.is_mirrored(source)
	not "NeverContactSource" in source.policies
	lib.is_public(lib.host(source.source))
	every entry in lib.entries_of(source) { can_forbid(entry, input.mirrorSets[entry.set]) }
}

# An ICSP cannot forbid it, nor can what an installer or a HostedCluster makes; an entry that does would contradict them.
can_forbid(entry, set) if {
	not entry.source.mismatch
	set.kind != "ImageContentSourcePolicy"
	not set.madeOf
}

which(open) := $"source `{open[0].source}` is" if count(open) == 1

which(open) := $"source `{open[0].source}` and {lib.plural(count(open) - 1, "other", "others")} on public registries are" if count(open) > 1

them(open) := "it" if count(open) == 1

them(open) := "them" if count(open) > 1
