# METADATA
# title: Mirror configuration that the operator has not written
# description: >-
#   The Machine Config Operator keeps what nodes get of mirror sets and Image/cluster in a MachineConfig of each pool, 99-POOL-generated-registries. In this one
#   stands something else than what the objects of the cluster give. Where the operator refuses them, it says so in its log alone: from then on no change of any
#   mirror set reaches any node, and the next upgrade stalls, while the nodes go on with what it wrote before.
# related_resources:
# - description: How the operator reports it (ImageMirrorSetDesign.md of the Machine Config Operator)
#   ref: https://github.com/openshift/machine-config-operator/blob/main/docs/ImageMirrorSetDesign.md
# custom:
#   level: error
#   fix: >-
#     Mend the objects that the operator refuses, which other findings name; it tries again within a minute. What else keeps it from writing, the log of
#     machine-config-controller in openshift-machine-config-operator says.
#   versions: >-
#     all, of a running cluster or a copy of its objects; a warning where the operator has no reason to refuse them, for it may be about to write
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'Error syncing image config openshift-config: could not Create/Update MachineConfig: could not update registries config with new changes: …'
#   - 'Dropping image config "openshift-config" out of the queue: …'
#   facts: [rendered]
package mirrorproof.rules.mirrors_not_rendered

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": kept[0].at, "related": related(kept)} if {
	kept := [one | some one in input.rendered; one.state == "refused"]
	count(kept) > 0
	message := $"the operator refuses these objects ({input.cluster.refused}), so `{kept[0].title}`{lib.more(count(kept))} {keep(count(kept))} what it wrote before{times(kept[0])}"
}

findings contains {"level": "warning", "message": message, "at": one.at, "related": related([one])} if {
	some one in input.rendered
	one.state == "differs"
	message := $"`{one.title}` is not what these objects give: {concat(", ", differences(one))}; unless the operator is about to write it{times(one)}, its log says why it does not"
}

differences(one) := [text |
	some [words, list] in [["it lacks", one.lacks], ["it holds what nothing asks for,", one.besides], ["it says something else of", one.otherwise]]
	count(list) > 0
	text := $"{words} {lib.quoted(array.slice(list, 0, 3))}{others(count(list) - 3)}"
]

others(number) := $" and {number} more" if number > 0

others(number) := "" if number <= 0

keep(1) := "keeps"

keep(number) := "keep" if number > 1

# When it last took what there was, and the first change after that.
times(one) := $" (last written on {one.written}; {one.changed[0].title} was changed on {one.changed[0].time})" if {
	count(one.changed) > 0
} else := $" (last written on {one.written})" if {
	one.written
} else := ""

related(kept) := array.concat(
	[{"at": one.at, "message": "this one too"} | some index, one in kept; index > 0],
	[{"at": one.at, "message": note} | some one in array.slice(kept[0].changed, 0, 3); note := $"{one.title} was changed on {one.time}"],
)
