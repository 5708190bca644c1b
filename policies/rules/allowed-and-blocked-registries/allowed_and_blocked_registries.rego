# METADATA
# title: Allowed and blocked registries at once
# description: >-
#   Image/cluster may set `allowedRegistries` or `blockedRegistries`. With both, the Machine Config Operator stops with `invalid images config: only one
#   of AllowedRegistries or BlockedRegistries may be specified` and applies no mirror configuration of any object; since 4.18 the API server refuses the
#   change.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Keep one of the two lists. `allowedRegistries` alone already rejects every image that it does not hold.
#   versions: all; before 4.18 both are taken where `allowedRegistries` holds the repository of the release image alone
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'invalid images config: only one of AllowedRegistries or BlockedRegistries may be specified'
#   - 'Only one of blockedRegistries or allowedRegistries may be set'
#   facts: [imageConfigs]
package mirrorproof.rules.allowed_and_blocked_registries

findings contains {"level": "error", "message": message, "at": config.at, "related": related} if {
	some config in input.imageConfigs
	effect := effects[config.conflict]
	message := $"`allowedRegistries` and `blockedRegistries` are both set: {effect}"
	blocked := [scope | some scope in input.scopes; scope.list == "blocked"]
	related := [{"at": scope.at, "message": "`blockedRegistries` is here"} | some scope in array.slice(blocked, 0, 1)]
}

effects := {
	"operator": "the operator applies no mirror configuration at all",
	"api-server": "the API server refuses the object",
}
