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
#     Keep one of the two lists.
#   versions: all (both are taken where `allowedRegistries` holds the repository of the release image alone)
#   situations: [nothing-applied, upgrade-stuck]
package mirrorproof.rules.allowed_and_blocked_registries

findings contains {"level": "error", "message": "`allowedRegistries` and `blockedRegistries` are both set: the operator applies no mirror configuration at all", "at": config.at} if {
	some config in input.imageConfigs
	config.conflict
}
