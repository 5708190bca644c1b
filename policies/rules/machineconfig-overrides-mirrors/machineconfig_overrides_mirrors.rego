# METADATA
# title: MachineConfig that takes the place of mirrors
# description: >-
#   A file in /etc/containers/registries.conf.d replaces every entry with the same prefix, as a whole: the mirrors of the mirror sets are gone for it. A
#   MachineConfig with /etc/containers/registries.conf itself either hides all mirror sets or is hidden by the operator's 99-worker-generated-registries;
#   the last name wins.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: error
#   fix: >-
#     Move what the file says to mirror sets and Image/cluster, and delete it.
#   versions: all; a warning where the file has no effect, an info for drop-ins that replace nothing
#   situations: [from-the-internet, ignored]
package mirrorproof.rules.machineconfig_overrides_mirrors

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": replaced.at, "related": related} if {
	some file in input.files
	file.dropIn
	some replaced in file.replaces
	message := $"`{replaced.prefix}` in {file.path} of {file.title} takes the place of its mirror set entry: those mirrors are not used"
	related := [{"at": input.entries[input.sources[replaced.source].entries[0]].source.at, "message": "the entry that is replaced"}]
}

findings contains {"level": verdict.level, "message": message, "at": file.at} if {
	some file in input.files
	not file.dropIn
	count(lib.active_sets) > 0
	verdict := whole[file.state]
	message := $"{file.path} of {file.title} {verdict.effect}"
}

whole := {
	"in-force": {"level": "error", "effect": "takes the place of the operator's file: no mirror set reaches the nodes"},
	"overwritten": {"level": "warning", "effect": "has no effect: the operator's 99-worker-generated-registries comes after it"},
	"other": {"level": "warning", "effect": "is for a pool of its own, where it or the operator's file counts, by name"},
}

findings contains {"level": "info", "message": message, "at": file.at} if {
	some file in input.files
	file.dropIn
	file.replaces == []
	not file.error
	message := $"{file.path} of {file.title} is configuration of images beside the mirror sets; a change of it restarts the nodes"
}
