# METADATA
# title: Registry of Image/cluster inside a wildcard source
# description: >-
#   The Machine Config Operator cannot give the mirrors of a wildcard source to a registry inside it that has none of its own, as each insecure or blocked
#   registry without mirrors has to get. It fails with `internal error: mirrorsAdjustedForNestedScope for a wildcard scope`, and applies no mirror
#   configuration of any object.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Give the registry a mirror set entry of its own, with the mirrors of the wildcard, or name the hosts of the wildcard one by one.
#   versions: 4.16 and later (before, the wildcard itself is refused)
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'internal error: mirrorsAdjustedForNestedScope for a wildcard scope "*.…"'
#   facts: [scopes]
package mirrorproof.rules.wildcard_around_registry

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": scope.at, "related": related} if {
	not lib.before([4, 16])
	some scope in input.scopes
	source := input.sources[scope.wildcard]
	sets := lib.sets_of(lib.entries_of(source))
	level := lib.error_with(scope, sets)
	message := $"`{scope.value}` in `{scope.field}` lies in the wildcard source `{source.source}` and has no mirrors of its own: the operator applies no mirror configuration at all{lib.condition_with(scope, sets)}"
	related := [{"at": input.entries[source.entries[0]].source.at, "message": note} | note := $"`{source.source}` is here"]
}
