# METADATA
# title: Signature policy outside of the allowed registries
# description: >-
#   The Machine Config Operator refuses a policy scope that is not nested in `allowedRegistries`, or is in `blockedRegistries`: `clusterimagePolicy
#   configured for the scope … is not nested inside allowedRegistries`. Then it applies no configuration of images at all.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Allow the scope in Image/cluster, or take it out of the policy.
#   versions: 4.16 and later (a technology preview before 4.20)
#   situations: [nothing-applied]
#   logs:
#   - 'clusterimagePolicy configured for the scope … is not nested inside allowedRegistries'
#   - 'clusterimagePolicy configured for the scope … is nested inside blockedRegistries'
#   facts: [signatures]
package mirrorproof.rules.image_policy_refused

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": signature.at, "related": related} if {
	not lib.before([4, 16])
	some signature in input.signatures
	problem := {"not-allowed": "does not lie in `allowedRegistries`", "blocked": "lies in `blockedRegistries`"}[signature.refused]
	message := $"scope `{signature.scope}` of {signature.title} {problem}: the operator refuses it, and applies no change of any mirror set"
	related := [{"at": config.at, "message": "the registries of Image/cluster"} | some config in input.imageConfigs]
}
