# METADATA
# title: One source, two values of mirrorSourcePolicy
# description: >-
#   The Machine Config Operator compares mirrorSourcePolicy across all kinds for each source (unset and ICSP count as AllowContactingSource), even
#   where an entry has no mirrors. Where two differ it refuses all mirror configuration: from then on no mirror change of any object
#   reaches any node, only its log says so, and the next upgrade stalls.
# related_resources:
# - description: The validation in the Machine Config Operator
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: Set the same mirrorSourcePolicy in every entry of the source. An ICSP cannot set one, so move it to an ImageDigestMirrorSet.
#   versions: 4.13 and later; a warning where it is only a guess that the objects meet in one cluster
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'could not update registries config with new changes: conflicting mirrorSourcePolicy is set for the same source "…" in imagedigestmirrorsets, imagetagmirrorsets, or imagecontentsourcepolicies'
#   - 'could not update registries config with new changes: conflicting mirrorSourcePolicy is set for the same source "…" in imagedigestmirrorsets and/or imagetagmirrorsets'
#   facts: [sources]
package mirrorproof.rules.conflicting_source_policy

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": pair[0].source.at, "related": related} if {
	not lib.before([4, 13])
	some source in input.sources
	count(source.policies) > 1
	entries := [input.entries[index] | some index in source.entries]
	never := [entry | some entry in entries; entry.policy == "NeverContactSource"]
	allow := [entry | some entry in entries; entry.policy != "NeverContactSource"]
	sure := [[entry, other] | some entry in never; some other in allow; lib.meet([entry], [other])]
	pair := array.concat(sure, [[never[0], allow[0]]])[0]
	level := {true: "error", false: "warning"}[count(sure) > 0]
	message := $"`{source.source}` is NeverContactSource in {lib.title_of(pair[0])} and AllowContactingSource in {lib.title_of(pair[1])}: the operator applies no mirror configuration at all{lib.condition(pair)}"
	related := [{"at": entry.source.at, "message": note} |
		some entry in allow
		note := $"{lib.title_of(entry)} {says(entry)}"
	]
}

says(entry) := "cannot set a policy, which counts as AllowContactingSource" if lib.kind_of(entry) == "ImageContentSourcePolicy"

says(entry) := "sets no policy, which counts as AllowContactingSource" if {
	lib.kind_of(entry) != "ImageContentSourcePolicy"
	entry.policy == null
}

says(entry) := $"sets {entry.policy}" if entry.policy != null
