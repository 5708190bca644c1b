# METADATA
# title: A narrower source of the other kind takes the mirrors away
# description: >-
#   IDMS, ITMS and ICSP all write into the same registries.conf entries, one per source. A narrower source that has mirrors for one kind of pull
#   only (an ITMS serves tags, an IDMS or ICSP digests) hides the broader source for the other kind too: those pulls go straight to the source.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Add the missing kind for the narrower source: an ImageDigestMirrorSet entry for pulls by digest, an ImageTagMirrorSet entry for pulls by tag, with
#     the broader source's mirrors and the rest of the path appended.
#   versions: 4.13 and later; an error in a disconnected cluster
package mirrorproof.rules.hidden_by_narrower_source

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at, "related": related} if {
	some pull, other in {"digest": "tag", "tag": "digest"}
	some overlap in input.overlaps
	count(overlap[pull].found) == 0
	count(overlap[pull].expected) > 0
	narrow := input.sources[overlap.narrow]
	broad := input.sources[overlap.broad]
	entry := lib.entries_for(narrow, other)[0]
	at := entry.source.at
	message := $"`{narrow.source}` has mirrors for pulls by {other} only, and hides `{broad.source}`: pulls by {pull} go to the source instead of {lib.quoted(overlap[pull].expected)}"
	hidden := lib.entries_for(broad, pull)[0]
	related := [{"at": hidden.source.at, "message": $"`{broad.source}` in {lib.title_of(hidden)} would serve pulls by {pull}"}]
}

default level := "warning"

level := "error" if input.cluster.disconnected
