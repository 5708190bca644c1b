# METADATA
# title: Mirror set for a hosted cluster
# description: >-
#   Nodes of a hosted cluster get their mirrors from `imageContentSources` of the HostedCluster. In the hosted cluster itself the API server denies mirror
#   sets, and the ConfigMaps of a NodePool take ImageContentSourcePolicy and ImageDigestMirrorSet, but no ImageTagMirrorSet (`unsupported config type`).
# custom:
#   level: error
#   fix: >-
#     Write the mirrors into `spec.imageContentSources` of the HostedCluster, and remove the mirror set. Pulls by tag cannot be mirrored there: pin such images by
#     digest.
#   versions: 4.13 and later
#   situations: [ignored]
#   logs:
#   - 'unsupported config type'
#   facts: [mirrorSets]
package mirrorproof.rules.mirror_set_in_hosted_cluster

findings contains {"level": "error", "message": message, "at": set.at} if {
	input.cluster.hosted
	some set in input.mirrorSets
	not set.madeOf
	problem := problems[set.kind][set.inConfigMap]
	message := $"`{set.title}` {problem}: the nodes take mirrors from `imageContentSources` of {input.cluster.hosted}"
}

denied := "is denied by the API server of a hosted cluster"

problems := {
	"ImageContentSourcePolicy": {false: denied},
	"ImageDigestMirrorSet": {false: denied},
	"ImageTagMirrorSet": {false: denied, true: "is of a kind that no NodePool of a hosted cluster takes"},
}
