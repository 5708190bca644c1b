# METADATA
# title: MachineConfig that takes the place of mirrors
# description: >-
#   A file in /etc/containers/registries.conf.d replaces every entry with the same prefix, as a whole: the mirrors of the mirror sets are gone for it, and an
#   entry that is narrower hides them for what lies in it. A MachineConfig with /etc/containers/registries.conf itself either hides all mirror sets or is hidden
#   by the operator's 99-worker-generated-registries; the last name wins.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Move what the file says to mirror sets and Image/cluster, and delete it.
#   versions: >-
#     all; an error where it hides all mirror sets, and where pulls are blocked or a disconnected cluster has no mirror left for them; an info for drop-ins that
#     take nothing away
#   situations: [from-the-internet, ignored, nodes-drain]
#   facts: [files]
package mirrorproof.rules.machineconfig_overrides_mirrors

import data.mirrorproof.lib

findings contains {"level": level(replaced), "message": message, "at": replaced.at, "related": related} if {
	some file in drop_ins
	some replaced in file.replaces
	source := input.sources[replaced.source]
	reported(replaced, source.source)
	message := $"`{replaced.prefix}` in {file.path} of {file.title} takes the place of {entry(replaced, source.source)} on {file.pool} nodes: {consequence(replaced)}"
	related := [{"at": input.entries[source.entries[0]].source.at, "message": "the entry that is replaced"}]
}

# What is narrower and has mirrors of its own is meant so.
reported(replaced, source) if replaced.prefix == source

reported(replaced, _) if count(replaced.lost) > 0

entry(replaced, source) := "its mirror set entry" if replaced.prefix == source

entry(replaced, source) := $"the mirror set entry `{source}`" if replaced.prefix != source

level(replaced) := "error" if {
	breaks(replaced)
} else := "warning" if {
	count(replaced.gone) > 0
} else := "info"

breaks(replaced) if {
	count(replaced.lost) > 0
	input.cluster.disconnected
}

breaks(replaced) if {
	count(replaced.lost) > 0
	replaced.blocked
}

consequence(replaced) := $"pulls by {concat(" and by ", replaced.lost)} {{true: "are blocked", false: "go to the source"}[replaced.blocked]}" if {
	count(replaced.lost) > 0
} else := $"{lib.quoted(array.slice(replaced.gone, 0, 3))}{more(count(replaced.gone) - 3)} {lib.be(count(replaced.gone))} not used" if {
	count(replaced.gone) > 0
} else := "it has the same mirrors, and a change of the mirror set will not reach them"

more(number) := $" and {number} more" if number > 0

more(number) := "" if number <= 0

findings contains {"level": verdict.level, "message": message, "at": file.at} if {
	some file in input.files
	not file.dropIn
	not file.error
	count(lib.active_sets) > 0
	verdict := verdicts[file.overwritten]
	message := $"{file.path} of {file.title} {verdict.effect} on {file.pool} nodes{verdict.result}"
}

verdicts := {
	false: {"level": "error", "effect": "takes the place of the operator's file", "result": ": no mirror set reaches them"},
	true: {"level": "warning", "effect": "has no effect", "result": ": the operator's own file, or that of another MachineConfig, comes after it by name"},
}

findings contains {"level": "info", "message": message, "at": file.at} if {
	some file in drop_ins
	count(lib.active_sets) > 0
	count([one | some one in file.replaces; reported(one, input.sources[one.source].source)]) == 0
	message := $"{file.path} of {file.title} configures registries beside the mirror sets on {file.pool} nodes: a change of it reboots them"
}

drop_ins := [file | some file in input.files; file.dropIn; not file.overwritten; not file.error]
