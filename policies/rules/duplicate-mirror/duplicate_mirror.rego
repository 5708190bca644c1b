# METADATA
# title: A mirror stands twice in one list
# description: >-
#   The API server refuses an ImageDigestMirrorSet or ImageTagMirrorSet whose mirror list repeats an item. An ImageContentSourcePolicy is accepted, but the
#   repeated mirror contradicts its own order: the Machine Config Operator then breaks the circle at the alphabetically first location, which may
#   be the source itself.
# custom:
#   level: error
#   fix: Remove the second one.
#   versions: all
#   situations: [nothing-applied, from-the-internet]
#   facts: [entries]
package mirrorproof.rules.duplicate_mirror

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": mirror.at, "edits": [{"op": "remove", "at": mirror.at}]} if {
	some entry in input.entries
	some index in entry.repeated
	mirror := entry.mirrors[index]
	message := $"mirror `{mirror.value}` stands twice for `{entry.source.value}`: {consequence(entry)}"
}

consequence(entry) := "the API server refuses the object" if lib.kind_of(entry) != "ImageContentSourcePolicy"

consequence(entry) := "the order of its mirrors is lost, and the source may be tried first" if lib.kind_of(entry) == "ImageContentSourcePolicy"
