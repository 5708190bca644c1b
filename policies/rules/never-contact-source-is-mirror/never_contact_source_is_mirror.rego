# METADATA
# title: NeverContactSource with the source among its own mirrors
# description: >-
#   mirrorSourcePolicy NeverContactSource forbids the source, and a mirror list that names the source asks for it. The Machine Config Operator refuses
#   all mirror configuration: from then on no mirror change of any object reaches any node, only its log says so, and the next upgrade stalls.
# related_resources:
# - description: The validation in the Machine Config Operator
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: Remove the source from the list of mirrors, or NeverContactSource from every entry of that source.
#   versions: 4.13 and later
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'could not update registries config with new changes: cannot set mirrorSourcePolicy: NeverContactSource if the source "…" is one of the mirrors'
#   facts: [entries]
package mirrorproof.rules.never_contact_source_is_mirror

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": mirror.at} if {
	not lib.before([4, 13])
	some entry in input.entries
	entry.policy == "NeverContactSource"
	some mirror in entry.mirrors
	mirror.value == entry.source.value
	message := $"`{mirror.value}` is NeverContactSource and one of its own mirrors in {lib.title_of(entry)}: the operator applies no mirror configuration at all"
}
