# METADATA
# title: Mirror lists of one source contradict each other
# description: >-
#   The lists of all objects for one source are merged into one order. Where they contradict each other (a before b here, b before a there) the Machine Config
#   Operator breaks the circle at the alphabetically first location, and the source counts as one: `quay.io/…` comes before `registry.…`. Each
#   attempt at a source that a disconnected cluster cannot reach costs a timeout of 30 seconds before the first mirror is tried.
# related_resources:
# - description: The merging of mirror lists in openshift/runtime-utils
#   ref: https://github.com/openshift/runtime-utils/blob/main/pkg/registries/topo.go
# custom:
#   level: error
#   fix: List the mirrors in the same order in every object, or keep the source in one object only.
#   versions: all; a warning where it is only a guess that the objects reach the same cluster
#   situations: [from-the-internet]
#   facts: [sources]
package mirrorproof.rules.mirror_order_cycle

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": entries[0].source.at, "related": related} if {
	some source in input.sources
	some pull in ["digest", "tag"]
	source[pull].contradictory
	entries := lib.entries_for(source, pull)
	level := {true: "error", false: "warning"}[source[pull].certain]
	message := $"the mirror lists of `{source.source}` contradict each other, so a node tries {lib.quoted(source[pull].mirrors)} in this order{first(source, pull)}{lib.condition(entries)}"
	related := [{"at": entry.source.at, "message": note} |
		some entry in entries
		note := $"{lib.title_of(entry)} has {lib.quoted([mirror.value | some mirror in entry.mirrors])}"
	]
}

first(source, pull) := ": the source itself first" if source[pull].mirrors[0] == source.source

first(source, pull) := "" if source[pull].mirrors[0] != source.source
