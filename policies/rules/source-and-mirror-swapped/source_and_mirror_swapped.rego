# METADATA
# title: Source and mirror that look exchanged
# description: >-
#   The source is what images are called by, the mirror is where they are taken from instead. An entry whose source is a registry of one's own and whose
#   mirrors are public sends pulls of the local registry to the internet, and none of the public images to the local registry.
# custom:
#   level: warning
#   fix: >-
#     Exchange the two: the public registry is the source, the local one the mirror.
#   versions: all
#   situations: [from-the-internet, pull-fails]
#   facts: [entries]
package mirrorproof.rules.source_and_mirror_swapped

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": entry.source.at} if {
	some entry in input.entries
	entry.effective
	lib.is_own(lib.host(entry.source.value))
	every mirror in entry.mirrors { lib.is_public(lib.host(mirror.value)) }
	message := $"source `{entry.source.value}` looks like a registry of your own and its mirror `{entry.mirrors[0].value}` is public: they seem to be exchanged"
}
